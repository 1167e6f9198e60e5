import { CHUNK_BARS_MAX } from '@aistock/lake';
import { CALENDARS } from '@aistock/market';
import { Instrument, Ms, PositiveDecimal, QualityThresholds, Timeframe } from '@aistock/shared';
import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';
import { exactly } from './exactly.ts';
import { DELAY_S_MAX } from './source-terms.ts';

const CHAIN_MAX = 5;
const INSTRUMENTS_MAX = 1_000;
const RECHECK_DAYS_MAX = 31;
const TOLERANCE_BPS_MAX = 10_000;

/** The name of a source, as it stands in stream ids. */
export const SourceName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a name such as binance: lower case, digits and underscores');

/** When to ingest: so many seconds after each bar of the stream should have closed, or by a cron expression in UTC. */
export const ScheduleTerms = z.union(
  [
    exactly({ delay_s: z.int().min(0).max(DELAY_S_MAX) }),
    exactly({
      cron: z.string().refine(isCronExpression, 'must be a cron expression such as */5 * * * *'),
    }),
  ],
  `must be { delay_s: 0 to ${DELAY_S_MAX} } or { cron: '*/5 * * * *' }`,
);
export type ScheduleTerms = z.infer<typeof ScheduleTerms>;

/** When to ask again for the bars of the last days, by a cron expression in UTC. */
const RecheckTerms = exactly({
  cron: z.string().refine(isCronExpression, 'must be a cron expression such as 15 3 * * *'),
  days: z.int().min(1).max(RECHECK_DAYS_MAX),
});
export type RecheckTerms = z.infer<typeof RecheckTerms>;

const Start = z.union(
  [z.iso.date().transform((day) => Date.parse(day)), Ms],
  'must be a day such as 2024-01-31 or Unix milliseconds',
);

const CompareTerms = exactly({
  /** The source that the bars are compared with. */
  with: SourceName,
  tolerance_bps: z.number().min(0).max(TOLERANCE_BPS_MAX),
});
export type CompareTerms = z.infer<typeof CompareTerms>;

const list = <Item extends z.ZodType>(item: Item, max: number) =>
  z
    .array(item)
    .min(1)
    .max(max)
    .refine((items) => new Set(items).size === items.length, 'must not name anything twice');

/** One entry below `streams`: each instrument in each timeframe is a stream. */
export const StreamTerms = exactly({
  /** The first is asked; the next takes over when the one before keeps failing. */
  sources: list(SourceName, CHAIN_MAX),
  /** What the streams are called; the first source's name unless told. */
  name: SourceName.optional(),
  instruments: list(Instrument, INSTRUMENTS_MAX),
  timeframes: list(Timeframe, Timeframe.options.length),
  calendar: z.enum(CALENDARS, `must be one of ${CALENDARS.join(', ')}`).optional(),
  /** Which hours of a stock exchange intraday bars are expected in. */
  session: z.enum(['regular', 'extended'], 'must be regular or extended').optional(),
  tick_size: z.string('must be a decimal in quotes such as "0.01"').pipe(PositiveDecimal).optional(),
  /** Where the series begins. */
  start: Start.optional(),
  compare: CompareTerms.optional(),
  schedule: ScheduleTerms.optional(),
  /** A venue may change a bar long after it closed; never asked for again unless told. */
  recheck: RecheckTerms.optional(),
  /** Rows of the source in one file. */
  chunk_bars: z.int().min(1).max(CHUNK_BARS_MAX).optional(),
  /** From what on bars are told as doubtful, and from what on nothing is trained or traded on them. */
  quality: exactly(QualityThresholds.shape).optional(),
});
export type StreamTerms = z.infer<typeof StreamTerms>;
