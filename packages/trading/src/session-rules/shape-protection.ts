import type { Side } from '@aistock/shared';
import { priceOnTick, type InstrumentRules } from '../core/instrument-rules.ts';
import type { RequestedProtection } from '../core/order-request.ts';
import { Decimal } from '../decimal.ts';
import type { Protection } from '../strategies/index.ts';

export type ShapedProtection =
  | { readonly protection: RequestedProtection | null }
  | { readonly refused: 'price_below_tick' | 'protection_crossed' };

/**
 * The exits behind an entry, on the tick: the profit is not taken below what was said, the stop does not work sooner. Null
 * where nothing was asked for. Refused where stop and target are on the wrong sides of each other, or a price is less than a tick.
 * @param entrySide of the entry; the exits are on the other side.
 */
export function shapeProtection(
  wished: Protection | undefined,
  entrySide: Side,
  rules: InstrumentRules,
): ShapedProtection {
  const { stopPrice, targetPrice, trailBps } = wished ?? {};
  const side = entrySide === 'buy' ? 'sell' : 'buy';
  const stop = stopPrice === undefined ? null : priceOnTick(stopPrice, side, 'against', rules);
  const target = targetPrice === undefined ? null : priceOnTick(targetPrice, side, 'in_favour', rules);
  if ((stop === null) !== (stopPrice === undefined) || (target === null) !== (targetPrice === undefined))
    return { refused: 'price_below_tick' };
  if (stop !== null && target !== null && !isBetween(stop, target, entrySide))
    return { refused: 'protection_crossed' };
  if (stop === null && target === null && trailBps === undefined) return { protection: null };
  return { protection: { stopPrice: stop, targetPrice: target, trailBps: trailBps ?? null } };
}

/** Whether there is room between stop and target. */
function isBetween(stop: string, target: string, entrySide: Side): boolean {
  return entrySide === 'buy' ? new Decimal(stop).lt(target) : new Decimal(target).lt(stop);
}
