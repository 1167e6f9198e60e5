import { compareDecimal } from '@aistock/market';
import { Instrument, UniverseFilters } from '@aistock/shared';
import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';
import { exactly } from '../sources/exactly.ts';
import { SourceName } from '../sources/stream-terms.ts';

const INSTRUMENTS_MAX = 1_000;
const WINDOW_DAYS_DEFAULT = 20;
const WINDOW_DAYS_MIN = 2;
const WINDOW_DAYS_MAX = 500;

const Filters = exactly(UniverseFilters.shape).superRefine((filters, context) => {
  const tell = (path: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { min_price, max_price, min_volatility = 0, max_volatility = Infinity } = filters;
  if (min_price !== undefined && max_price !== undefined && compareDecimal(min_price, max_price) > 0)
    tell('min_price', `must not be above max_price, ${max_price}`);
  if (min_volatility > max_volatility)
    tell('min_volatility', `must not be above max_volatility, ${max_volatility}`);
});

/** One entry below `universes`: the daily streams of a source, or some of them, and which of those are members. */
export const UniverseTerms = exactly({
  /** As it stands in the names of the streams. */
  source: SourceName,
  /** Those that may be members; all that have a daily stream of the source unless told. */
  instruments: z.array(Instrument).min(1).max(INSTRUMENTS_MAX).optional(),
  /** How many of the newest days are looked at. */
  window_days: z.int().min(WINDOW_DAYS_MIN).max(WINDOW_DAYS_MAX).default(WINDOW_DAYS_DEFAULT),
  /** Without filters all of them are members. */
  filters: Filters.optional(),
  /** When to choose anew besides on request. */
  cron: z.string().refine(isCronExpression, 'must be a cron expression such as 0 6 * * 1-5').optional(),
});
export type UniverseTerms = z.infer<typeof UniverseTerms>;
