import { Decimal } from '../../decimal.ts';
import type { Limits, Side } from '@aistock/shared';
import { distanceBps, stopDistanceBpsMax } from '../../risk/index.ts';
import type { Protection } from '../../strategies/index.ts';
import { priceOnTick, type InstrumentRules } from '../instruments/instrument-rules.ts';
import type { RequestedProtection } from '../order-request.ts';

/** The exits behind an entry on the tick; undefined where there are none, or they do not lie on either side of its price. */
export function protectionOf(
  { stopPrice, targetPrice, trailBps }: Protection,
  entry: { readonly side: Side; readonly price: string },
  rules: InstrumentRules,
): RequestedProtection | undefined {
  const side = entry.side === 'buy' ? 'sell' : 'buy';
  const stop = stopPrice === undefined ? null : priceOnTick(stopPrice, side, 'against', rules);
  const target = targetPrice === undefined ? null : priceOnTick(targetPrice, side, 'in_favour', rules);
  if (stopPrice !== undefined && !isBeyond(stop, entry, -1)) return undefined;
  if (targetPrice !== undefined && !isBeyond(target, entry, 1)) return undefined;
  if (stop === null && target === null && trailBps === undefined) return undefined;
  return { stopPrice: stop, targetPrice: target, trailBps: trailBps ?? null };
}

/** Whether a price is where the entry gains (1) or loses (-1). */
function isBeyond(
  price: string | null,
  entry: { readonly side: Side; readonly price: string },
  direction: 1 | -1,
): boolean {
  if (price === null) return false;
  return new Decimal(price).cmp(entry.price) === (entry.side === 'buy' ? direction : -direction);
}

/** An entry with its stops. Prices are decimal text. */
export interface StoppedEntry {
  /** At which it begins to work; null where it does at once. */
  readonly stopPrice: string | null;
  /** The newest close. */
  readonly lastPrice: string;
  /** Where it can be expected to fill. */
  readonly expected: string;
  readonly protection: RequestedProtection | null;
}

/** Whether a stop is further away than an instrument's limits allow: the gate would deny the order as `stop_too_far`. */
export function isStopTooFar(
  limits: Limits['instruments'][string],
  { stopPrice, lastPrice, expected, protection }: StoppedEntry,
): boolean {
  const behind = protection?.stopPrice ?? null;
  const trailBps = protection?.trailBps ?? null;
  const max = stopDistanceBpsMax(limits);
  return (
    (stopPrice !== null && distanceBps(stopPrice, lastPrice).gt(max)) ||
    (behind !== null && distanceBps(behind, expected).gt(max)) ||
    (trailBps !== null && trailBps > max)
  );
}
