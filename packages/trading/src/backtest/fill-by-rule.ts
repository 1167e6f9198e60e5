import type { Bar } from '@aistock/market';
import type { Matched, VenueHolding, VenueOrder, VenueReport } from '../fills/index.ts';
import { cashChange, sum } from '../portfolio/index.ts';
import { Decimal } from '../decimal.ts';
import type { FillRule } from './terms.ts';

/** The same as `matchBar` by another rule: an order that it fills is done, and what is left of it is cancelled. */
export function fillByRule(
  orders: readonly VenueOrder[],
  bar: Bar,
  holding: VenueHolding,
  rule: FillRule,
): Matched {
  const waiting: VenueOrder[] = [];
  const done: VenueOrder[] = [];
  const reports: VenueReport[] = [];
  let { cash, quantity } = holding;
  for (const order of orders) {
    const { orderId, side } = order;
    const fill = rule(order, bar, { cash, quantity });
    if (fill === undefined) {
      waiting.push(order);
      continue;
    }
    done.push(order);
    const isWhole = new Decimal(fill.quantity).gte(order.quantity);
    if (new Decimal(fill.quantity).gt(0)) {
      const amounts = { side, ...fill };
      cash = sum(cash, cashChange(amounts));
      quantity = sum(quantity, signed(side, fill.quantity));
      reports.push({
        kind: 'fill',
        orderId,
        protection: null,
        ...amounts,
        feeTakenIn: 'quote',
        liquidity: 'taker',
        slippageCost: '0',
        atMs: bar.openMs,
        complete: isWhole,
        stale: false,
      });
    }
    if (!isWhole)
      reports.push({ kind: 'ended', orderId, protection: null, status: 'CANCELLED', reason: 'not_filled' });
  }
  return { orders: waiting, done, holding: { cash, quantity }, reports };
}

function signed(side: 'buy' | 'sell', quantity: string): string {
  return side === 'buy' ? quantity : `-${quantity}`;
}
