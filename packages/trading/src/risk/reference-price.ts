import { PositiveDecimal, type Denial } from '@aistock/shared';
import { denial } from './denial.ts';
import type { ReferencePrice } from './inputs.ts';

export interface PriceAge {
  readonly instrument: string;
  readonly clockMs: number;
  readonly ageMsMax: number;
}

export type UsablePrice = { readonly reference: ReferencePrice } | { readonly denials: Denial[] };

/** A price that can be used, or why not: it is absent, no price, too old, or from after the account's clock. */
export function checkReferencePrice(reference: ReferencePrice | undefined, age: PriceAge): UsablePrice {
  if (reference === undefined) {
    return { denials: [denial('price_missing', `no reference price for ${age.instrument}`)] };
  }
  const bad = checkPositive(reference, age) ?? checkAge(reference, age);
  return bad ? { denials: [bad] } : { reference };
}

function checkPositive({ price }: ReferencePrice, { instrument }: PriceAge): Denial | undefined {
  if (PositiveDecimal.safeParse(price).success) return undefined;
  return denial('price_missing', `the reference price of ${instrument} is not above zero`, '0', price);
}

function checkAge({ atMs }: ReferencePrice, { instrument, clockMs, ageMsMax }: PriceAge): Denial | undefined {
  const ageMs = clockMs - atMs;
  if (ageMs >= 0 && ageMs <= ageMsMax) return undefined;
  const what = ageMs > ageMsMax ? 'is too old, in ms' : "is from after the account's clock, in ms";
  return denial('price_stale', `the reference price of ${instrument} ${what}`, `${ageMsMax}`, `${ageMs}`);
}
