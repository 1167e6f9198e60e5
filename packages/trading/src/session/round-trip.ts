import type { Order } from '@aistock/shared';
import { Decimal } from '../decimal.ts';
import { isFinal } from '../orders/index.ts';
import {
  applyFill,
  cashChange,
  FLAT,
  sum,
  type FillAmounts,
  type PositionState,
} from '../portfolio/index.ts';
import { isFlat } from './session-state.ts';

/** What a closed position taught. */
export interface Outcome {
  /** Profit after fees over what the entry cost before fees. */
  readonly reward: number;
  readonly closedMs: number;
}

/** From a parameter decision's entry to its exit, as its orders and their fills tell it. */
export interface RoundTrip {
  readonly position: PositionState;
  /** When its first fill happened, Unix ms; null before it. */
  readonly entryMs: number | null;
  /** Whether an order of it may still fill. */
  readonly working: boolean;
  /** Null until it has been entered and left. */
  readonly outcome: Outcome | null;
}

/** @param orders all orders of one config_id, in any order. */
export function roundTrip(orders: readonly Order[]): RoundTrip {
  const fills = orders
    .flatMap(({ side, fills: filled }) => filled.map((fill) => ({ side, ...fill })))
    .toSorted((a, b) => a.filled_ms - b.filled_ms || (a.side === 'buy' ? -1 : 1));
  const position = fills.reduce(applyFill, FLAT);
  const last = fills.at(-1);
  return {
    position,
    entryMs: fills[0]?.filled_ms ?? null,
    working: orders.some(({ status }) => !isFinal(status)),
    outcome: last && isFlat(position) ? { reward: rewardOf(fills), closedMs: last.filled_ms } : null,
  };
}

function rewardOf(fills: readonly FillAmounts[]): number {
  const profit = sum(...fills.map(cashChange));
  const entered = fills.filter(({ side }) => side === 'buy');
  const notional = entered.reduce(
    (total, fill) => total.plus(new Decimal(fill.price).times(fill.quantity)),
    new Decimal(0),
  );
  return new Decimal(profit).div(notional).toNumber();
}
