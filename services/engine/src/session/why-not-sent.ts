import type { OrderRequest } from '@aistock/trading/core';
import { reducesOnly, sum } from '@aistock/trading/portfolio';

/** What is known when an order is about to leave. */
export interface BeforeSending {
  /** What its slot holds in its instrument, decimal text: below zero short. */
  readonly held: string;
  /** Since the close that it was decided at. */
  readonly ageMs: number;
  readonly ageMsMax: number;
}

/**
 * Why an order that was decided must not leave any more; undefined where it may. An entry that took too long is of a price of
 * before. An exit is for what was held: where a stop has filled meanwhile, it would sell what another slot holds, or turn the
 * position.
 */
export function whyNotSent(
  { leg, side, quantity, reduceOnly }: Pick<OrderRequest, 'leg' | 'side' | 'quantity' | 'reduceOnly'>,
  { held, ageMs, ageMsMax }: BeforeSending,
): 'too_old_to_send' | 'nothing_to_exit' | undefined {
  if (!leg.startsWith('exit')) return reduceOnly || ageMs <= ageMsMax ? undefined : 'too_old_to_send';
  const left = sum(held, side === 'sell' ? `-${quantity}` : quantity);
  return reducesOnly(held, left) ? undefined : 'nothing_to_exit';
}
