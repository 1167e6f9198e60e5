import { TRADING_SHARES, type Budget } from '@aistock/venue-budget';
import { z } from 'zod';
import { exactly } from './exactly.ts';

const WEIGHT_MAX = 1_000_000;
const weight = () => z.int().min(1).max(WEIGHT_MAX).optional();

const PERIODS_MS = {
  per_second: 1_000,
  per_minute: 60_000,
  per_hour: 3_600_000,
  per_day: 86_400_000,
} as const;

/** What a venue allows us, in the unit that it counts requests in; every limit that is named holds. */
export const BudgetTerms = exactly({
  per_second: weight(),
  per_minute: weight(),
  per_hour: weight(),
  per_day: weight(),
  /** The share of each limit that downloads may use; the rest is kept for orders. */
  data_share: z.number().gt(0).max(1).optional(),
}).refine((terms) => windowsOf(terms).length > 0, 'must name at least one limit, such as per_minute');

export function budgetFrom(terms: z.infer<typeof BudgetTerms>): Budget {
  const windows = windowsOf(terms);
  return terms.data_share === undefined
    ? { windows }
    : { windows, shares: { ...TRADING_SHARES, data: terms.data_share } };
}

type Limits = Partial<Record<keyof typeof PERIODS_MS, number | undefined>>;

function windowsOf(limits: Limits): Budget['windows'] {
  return (Object.keys(PERIODS_MS) as (keyof typeof PERIODS_MS)[]).flatMap((period) => {
    const weightMax = limits[period];
    return weightMax === undefined ? [] : [{ windowMs: PERIODS_MS[period], weightMax }];
  });
}
