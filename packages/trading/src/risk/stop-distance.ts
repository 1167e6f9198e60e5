import type { Denial, Limits } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { denial } from './denial.ts';

const BPS_PER_ONE = 10_000;

/** How far a price is from another one, in basis points of that. */
export function distanceBps(price: string, from: string): Decimal {
  const base = new Decimal(from);
  return new Decimal(price).minus(base).abs().times(BPS_PER_ONE).div(base);
}

/** A stop may be as far away as the limits say; where they do not, as far as a limit price. */
export function stopDistanceBpsMax({
  stop_distance_bps_max: stopMax,
  collar_bps: collar,
}: Limits['instruments'][string]): number {
  return stopMax ?? collar;
}

export function checkStopDistance(
  distance: Decimal,
  limits: Limits['instruments'][string],
  what: string,
): Denial[] {
  const max = stopDistanceBpsMax(limits);
  if (distance.lte(max)) return [];
  const actual = decimalText(distance.toDecimalPlaces(2, Decimal.ROUND_UP));
  return [denial('stop_too_far', `${what} is too far away, in bps`, `${max}`, actual)];
}
