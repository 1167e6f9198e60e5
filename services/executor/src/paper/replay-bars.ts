import { compareDecimal, type Bar } from '@aistock/market';
import { paperFill, type PaperFill, type PaperTerms } from '@aistock/trading/paper';
import { cashChange, isFunded, reducesOnly, sum } from '@aistock/trading/portfolio';
import type { Side } from '@aistock/shared';

/** An order that works at the paper venue. */
export interface WorkingOrder {
  readonly brokerOrderId: string;
  readonly side: Side;
  readonly orderType: 'market' | 'limit';
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly timeInForce: 'day' | 'gtc' | 'ioc';
  /** Bars that opened before it cannot fill the order, Unix ms. */
  readonly placedMs: number;
}

/** What the venue holds for an account in the instrument of the bars. */
export interface VenueHolding {
  readonly cash: string;
  readonly quantity: string;
}

export type Execution =
  | {
      readonly brokerOrderId: string;
      readonly outcome: 'filled';
      readonly fill: PaperFill;
      readonly filledMs: number;
    }
  | {
      readonly brokerOrderId: string;
      readonly outcome: 'expired';
      readonly reason: 'not_filled' | 'cash_short';
    };

export interface Replay {
  readonly executions: readonly Execution[];
  readonly holding: VenueHolding;
}

/**
 * What happens to working orders, oldest first, over closed bars in ascending order. A fill needs its cash at that
 * moment. An order for the day ends with the first bar after it, an immediate one at the open of that bar.
 */
export function replayBars(
  orders: readonly WorkingOrder[],
  bars: readonly Bar[],
  start: VenueHolding,
  terms: PaperTerms,
): Replay {
  const executions: Execution[] = [];
  let holding = start;
  let working = orders;
  for (const bar of bars) {
    const left: WorkingOrder[] = [];
    for (const order of working) {
      const step = bar.openMs < order.placedMs ? undefined : tryBar(order, bar, holding, terms);
      if (!step) left.push(order);
      else {
        executions.push(step.execution);
        holding = step.holding;
      }
    }
    working = left;
  }
  return { executions, holding };
}

/** An order in one bar; undefined where it goes on working. */
function tryBar(
  order: WorkingOrder,
  bar: Bar,
  holding: VenueHolding,
  terms: PaperTerms,
): { execution: Execution; holding: VenueHolding } | undefined {
  const { brokerOrderId } = order;
  const fill = isTooLate(order, bar) ? undefined : paperFill(order, bar, terms);
  if (!fill) {
    if (order.timeInForce === 'gtc') return undefined;
    return { execution: { brokerOrderId, outcome: 'expired', reason: 'not_filled' }, holding };
  }
  const after = {
    cash: sum(holding.cash, cashChange({ side: order.side, ...fill })),
    quantity: sum(holding.quantity, order.side === 'buy' ? fill.quantity : `-${fill.quantity}`),
  };
  if (!isFunded(after.cash, after.quantity, fill.price) && !reducesOnly(holding.quantity, after.quantity)) {
    return { execution: { brokerOrderId, outcome: 'expired', reason: 'cash_short' }, holding };
  }
  return { execution: { brokerOrderId, outcome: 'filled', fill, filledMs: bar.openMs }, holding: after };
}

/** An immediate order may only take the open: what the bar trades through later came too late. */
function isTooLate(order: WorkingOrder, bar: Bar): boolean {
  if (order.timeInForce !== 'ioc' || order.limitPrice === null) return false;
  const distance = compareDecimal(bar.open, order.limitPrice);
  return order.side === 'buy' ? distance > 0 : distance < 0;
}
