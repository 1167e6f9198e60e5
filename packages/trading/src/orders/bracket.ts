import type { BracketPart, OrderStatus, OrderType, Protection, Side } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { isFinal } from './transitions.ts';

/** An exit of a bracket as an order of its own; it only reduces, and is good till cancelled. Prices are decimal text. */
export interface BracketExit {
  readonly part: BracketPart;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly trailBps: number | null;
}

/** The exits that a protection asks for: the loss is taken at market behind a stop, the profit by a limit order. */
export function bracketExits(entrySide: Side, protection: Protection): BracketExit[] {
  const { stop_price: stopPrice, target_price: limitPrice, trail_bps: trailBps } = protection;
  const side = entrySide === 'buy' ? 'sell' : 'buy';
  const exits: BracketExit[] = [];
  if (stopPrice !== null || trailBps !== null) {
    const orderType = trailBps === null ? 'stop' : 'trailing_stop';
    exits.push({ part: 'stop', side, orderType, limitPrice: null, stopPrice, trailBps });
  }
  if (limitPrice !== null) {
    exits.push({ part: 'target', side, orderType: 'limit', limitPrice, stopPrice: null, trailBps: null });
  }
  return exits;
}

/** How far an order of a bracket is. */
export interface BracketOrder {
  readonly status: OrderStatus;
  /** Decimal text. */
  readonly quantity: string;
  readonly filledQuantity: string;
}

/**
 * What becomes of an exit after its bracket changed: it works for what the entry has filled and the other exit has not
 * taken, ends with an entry that ended without a fill, and stays as it is otherwise. The venue itself ends an exit that
 * has nothing left to do.
 */
export type ExitStep =
  | { readonly kind: 'stay' }
  | { readonly kind: 'end' }
  | { readonly kind: 'activate' | 'resize'; readonly quantity: string };

export function exitStep(entry: BracketOrder, exit: BracketOrder, otherFilled: string): ExitStep {
  if (isFinal(exit.status)) return { kind: 'stay' };
  const filled = new Decimal(entry.filledQuantity);
  if (filled.isZero()) return { kind: isFinal(entry.status) ? 'end' : 'stay' };
  const left = filled.minus(otherFilled);
  if (left.lte(exit.filledQuantity)) return { kind: 'stay' };
  const quantity = decimalText(left);
  if (exit.status === 'PENDING') return { kind: 'activate', quantity };
  return left.equals(exit.quantity) ? { kind: 'stay' } : { kind: 'resize', quantity };
}
