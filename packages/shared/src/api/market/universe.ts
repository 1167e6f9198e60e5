import { z } from 'zod';
import {
  Accountable,
  Decimal,
  Instrument,
  Ms,
  Name,
  PositiveDecimal,
  Sha256,
  StreamId,
} from '../../vocabulary.ts';

const BLACKOUT_DAYS_MAX = 15;
const AGE_DAYS_MAX = 36_500;

/** What an instrument must be to be a member, by its newest daily bars. */
export const UniverseFilters = z.strictObject({
  /** The median of close times volume a day, in the quote currency. */
  min_dollar_volume: z.number().min(0).optional(),
  min_price: PositiveDecimal.optional(),
  max_price: PositiveDecimal.optional(),
  /** Days since the first bar that is held. */
  min_age_days: z.int().min(0).max(AGE_DAYS_MAX).optional(),
  /** Estimated from highs and lows, in basis points of the price. */
  max_spread_bps: z.number().min(0).optional(),
  /** A year: 0.2 is 20 %. */
  min_volatility: z.number().min(0).optional(),
  max_volatility: z.number().min(0).optional(),
  /** Around a report of earnings, in calendar days in New York; the day itself always. */
  earnings_blackout: z
    .strictObject({
      days_before: z.int().min(0).max(BLACKOUT_DAYS_MAX),
      days_after: z.int().min(0).max(BLACKOUT_DAYS_MAX),
    })
    .optional(),
});
export type UniverseFilters = z.infer<typeof UniverseFilters>;

/** Null is what could not be measured, which no filter lets pass. */
const Measured = z.number().nullable();

const CandidateMeasures = z.strictObject({
  price: Decimal,
  dollar_volume: Measured,
  age_days: Measured,
  spread_bps: Measured,
  volatility: Measured,
});

/** Everything that was known of one instrument when it was decided, and what was decided. */
export const UniverseCandidate = z.strictObject({
  stream: StreamId,
  instrument: Instrument,
  blocked: z.boolean(),
  /** Daily bars that were there in the window, and that the calendar expects there. */
  bars: z.int().min(0),
  expected_bars: z.int().min(0),
  /** Null where there was no bar. */
  measures: CandidateMeasures.nullable(),
  /** Days with a report of earnings inside the blackout, such as `2024-07-30`. */
  earnings_days: z.array(z.iso.date()),
  /** Why it is no member; empty for a member. */
  excluded: z.array(
    z.strictObject({
      reason: z.enum([
        'blocked',
        'too_few_bars',
        'dollar_volume',
        'price',
        'age',
        'spread',
        'volatility',
        'earnings',
      ]),
      detail: z.string(),
    }),
  ),
});
export type UniverseCandidate = z.infer<typeof UniverseCandidate>;

/** What a refresh went by: from it the members follow, and its hash names it. */
export const UniverseInputs = z.strictObject({
  source: z.string(),
  window_days: z.int().positive(),
  /** Null for a universe that is a plain list. */
  filters: UniverseFilters.nullable(),
  /** Hashes of the answers that reports of earnings were read from. */
  earnings_sha256: z.array(Sha256),
  candidates: z.array(UniverseCandidate),
});
export type UniverseInputs = z.infer<typeof UniverseInputs>;

export const UniverseMember = z.strictObject({ stream: StreamId, instrument: Instrument });

/** The members of a universe as of a time. */
export const UniverseMembers = z.strictObject({
  universe: Name,
  /** Decided by bars that had closed by then. */
  as_of_ms: Ms,
  /** When it was decided. */
  refreshed_ms: Ms,
  by: z.string(),
  reason: z.string(),
  members: z.array(UniverseMember),
  /** Of the canonical JSON of `inputs`. */
  inputs_sha256: Sha256,
});
export type UniverseMembers = z.infer<typeof UniverseMembers>;

export const UniverseWithInputs = UniverseMembers.extend({ inputs: UniverseInputs });

export const UniverseState = z.strictObject({
  universe: Name,
  /** False where it is only known from before. */
  configured: z.boolean(),
  /** When it is refreshed besides on request, by a cron expression in UTC; null for never. */
  cron: z.string().nullable(),
  members: z.int().min(0).nullable(),
  /** Of the newest refresh; null before the first one. */
  as_of_ms: Ms.nullable(),
});

export const RefreshUniverse = Accountable.extend({
  /** Members by what was known then; now unless told. */
  as_of_ms: Ms.optional(),
});
