import { compareDecimal } from '../decimal.ts';
import type { CandidateMeasures } from './measure-candidate.ts';

/** What an instrument must be to be a member; what is not told is not asked. */
export interface UniverseFilters {
  /** In the quote currency a day. */
  readonly minDollarVolume?: number | undefined;
  /** Exact decimal text, as is the next. */
  readonly minPrice?: string | undefined;
  readonly maxPrice?: string | undefined;
  readonly minAgeDays?: number | undefined;
  readonly maxSpreadBps?: number | undefined;
  /** A year: 0.2 is 20 %. */
  readonly minVolatility?: number | undefined;
  readonly maxVolatility?: number | undefined;
}

/** One that may become a member of a universe. */
export interface Candidate {
  /** Its stream may not be traded on; false where that is not known, as of an earlier time. */
  readonly blocked: boolean;
  /** Daily bars that there are in the window, and that the calendar expects there. */
  readonly bars: number;
  readonly expectedBars: number;
  /** Undefined where there is no bar. */
  readonly measures: CandidateMeasures | undefined;
  /** Days with a report of earnings that fall into the blackout, such as `2024-07-30`. */
  readonly earningsDays: readonly string[];
}

type ExclusionReason =
  'blocked' | 'too_few_bars' | 'dollar_volume' | 'price' | 'age' | 'spread' | 'volatility' | 'earnings';

/** Why a candidate is no member. */
export interface Exclusion {
  readonly reason: ExclusionReason;
  /** For people: the value and the limit. */
  readonly detail: string;
}

/** Of the bars that the calendar expects in the window, so many must be there. */
const HELD_SHARE_MIN = 0.8;

/** Everything that keeps a candidate out; empty for a member. What could not be measured keeps it out. */
export function exclusionsOf(candidate: Candidate, filters: UniverseFilters): Exclusion[] {
  const { blocked, bars, expectedBars, measures, earningsDays } = candidate;
  const found: Exclusion[] = [];
  if (blocked) found.push({ reason: 'blocked', detail: 'the verdict on its stream is block' });
  if (earningsDays.length > 0)
    found.push({ reason: 'earnings', detail: `reports on ${earningsDays.join(', ')}` });
  if (measures === undefined || bars < expectedBars * HELD_SHARE_MIN) {
    found.push({ reason: 'too_few_bars', detail: `${bars} of ${expectedBars} days are there` });
  }
  return measures === undefined ? found : [...found, ...outOfRange(measures, filters)];
}

function outOfRange(measures: CandidateMeasures, filters: UniverseFilters): Exclusion[] {
  const { dollarVolume, ageDays, spreadBps, volatility, price } = measures;
  return [
    ...outside('dollar_volume', dollarVolume, { min: filters.minDollarVolume }),
    ...priceOutside(price, filters),
    ...outside('age', ageDays, { min: filters.minAgeDays }),
    ...outside('spread', spreadBps, { max: filters.maxSpreadBps }),
    ...outside('volatility', volatility, { min: filters.minVolatility, max: filters.maxVolatility }),
  ];
}

/** Asked the other way round, so that NaN is outside of every range. */
function outside(
  reason: ExclusionReason,
  value: number,
  { min, max }: { readonly min?: number | undefined; readonly max?: number | undefined },
): Exclusion[] {
  const found: Exclusion[] = [];
  if (min !== undefined && !(value >= min)) found.push({ reason, detail: `${value} is below ${min}` });
  if (max !== undefined && !(value <= max)) found.push({ reason, detail: `${value} is above ${max}` });
  return found;
}

function priceOutside(price: string, { minPrice, maxPrice }: UniverseFilters): Exclusion[] {
  const reason = 'price';
  if (minPrice !== undefined && compareDecimal(price, minPrice) < 0)
    return [{ reason, detail: `${price} is below ${minPrice}` }];
  if (maxPrice !== undefined && compareDecimal(price, maxPrice) > 0)
    return [{ reason, detail: `${price} is above ${maxPrice}` }];
  return [];
}
