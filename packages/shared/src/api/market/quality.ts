import { z } from 'zod';
import { Accountable, Ms, Sha256, StreamId } from '../../vocabulary.ts';
import { StreamComparison } from './differences.ts';
import { QualityThresholds } from './quality-thresholds.ts';

/** Why bars of a chunk were not taken. */
export const Rejection = z.strictObject({
  reason: z.enum([
    'open_bar',
    'duplicate_identical',
    'duplicate_conflicting',
    'out_of_order',
    'misaligned',
    'ohlc_inconsistent',
    'non_positive_price',
    'negative_volume',
    'not_a_number',
    'before_watermark',
  ]),
  count: z.int().positive(),
  first_open_ms: Ms.nullable(),
});

/** A run of bars that the calendar expects and the source did not give. Never filled by invention. */
export const Gap = z.strictObject({ from_ms: Ms, to_ms: Ms, missing_bars: z.int().positive() });
export type Gap = z.infer<typeof Gap>;

/** `filled`: the source gave the bars later. `accepted`: they are missing, and a named person lives with it. */
export const GapState = z.enum(['open', 'filled', 'accepted']);

export const StreamGap = Gap.extend({
  state: GapState,
  /** How often the source was asked again, and when last. */
  attempts: z.int().min(0),
  last_asked_ms: Ms.nullable(),
  closed_ms: Ms.nullable(),
});

/** `block` stops training and trading on the stream. */
export const Verdict = z.enum(['pass', 'warn', 'block']);
export type Verdict = z.infer<typeof Verdict>;

/** What is odd in bars that are sound one by one. */
export const FindingKind = z.enum(['outlier', 'stale', 'volume', 'zero_volume', 'restated']);

const FindingDay = z.strictObject({
  /** 00:00 UTC. */
  day_ms: Ms,
  bars: z.int().positive(),
  worst_open_ms: Ms,
  /** The size of the z-score, the length of a run in bars, or the revision of a restated bar. */
  worst_size: z.number(),
});

export const StreamFinding = z.strictObject({
  kind: FindingKind,
  bars: z.int().positive(),
  /** How many of them a named person accepted: these no longer count. */
  accepted_bars: z.int().min(0),
  days: z.int().positive(),
  /** The days with the worst bars, worst first. */
  examples: z.array(FindingDay),
});

/** What a person can accept: missing bars, bars that were faulty, a close that stands still now, or a kind of finding. */
export const AcceptedKind = z.enum(['gap', 'faulty', 'stale_now', ...FindingKind.options]);

export const Acceptance = Accountable.extend({
  acceptance_id: z.uuid(),
  kind: AcceptedKind,
  bars: z.int().positive(),
  /** What was accepted lies before this. */
  until_ms: Ms,
  accepted_ms: Ms,
});

export const AcceptFaults = Accountable.extend({
  kind: AcceptedKind,
  /** The one gap that begins here; only with kind `gap`. */
  gap_from_ms: Ms.optional(),
  /** All of the kind that lies before this; all that is known now unless told. */
  until_ms: Ms.optional(),
}).refine(
  ({ kind, gap_from_ms, until_ms }) =>
    gap_from_ms === undefined || (kind === 'gap' && until_ms === undefined),
  { path: ['gap_from_ms'], message: 'is for kind gap only, and not beside until_ms' },
);

/** How much of what the calendar expects is held, from the first bar to the last. */
export const Coverage = z.strictObject({
  /** A long history is told by weeks from Monday, and a longer one by months. */
  unit: z.enum(['day', 'week', 'month']),
  cells: z.array(z.strictObject({ from_ms: Ms, expected: z.int().positive(), held: z.int().min(0) })),
});

export const StreamVerdict = z.strictObject({
  stream: StreamId,
  verdict: Verdict,
  /** Each with its numbers and the limit that they passed. */
  reasons: z.array(z.string()),
});

export const Quality = StreamVerdict.extend({
  /** Since when the verdict is what it is; null where no bar was ever registered. */
  since_ms: Ms.nullable(),
  bars: z.int().min(0),
  expected_bars: z.int().min(0),
  /** Those of open and accepted gaps. */
  missing_bars: z.int().min(0),
  /** Open ones first, the oldest first; at most 1,000. */
  gaps: z.array(StreamGap),
  /** All gaps, by state. */
  gap_counts: z.record(GapState, z.int().min(0)),
  /** `session`: a missing bar is a gap. `trades_only`: the source makes no bar in a minute without trades. */
  gap_meaning: z.enum(['session', 'trades_only']),
  rejected: z.array(Rejection),
  findings: z.array(StreamFinding),
  quarantined_files: z.int().min(0),
  thresholds: QualityThresholds,
  /** Newest first; at most 100. */
  acceptances: z.array(Acceptance),
  coverage: Coverage,
  /** With the other sources that the bars are compared with. */
  comparisons: z.array(StreamComparison),
});

export const AskAgain = z
  .strictObject({ from_ms: Ms, to_ms: Ms })
  .refine(({ from_ms, to_ms }) => from_ms < to_ms, { path: ['from_ms'], message: 'must be before to_ms' });

/** What came of asking the source again for bars that should be held. */
export const AskedAgain = z.strictObject({
  stream: StreamId,
  /** Closed bars of the range that came, sound and in order. */
  compared: z.int().min(0),
  /** Of them, with another value than is held. */
  restated: z.int().min(0),
  /** Of them, missing until now. */
  late: z.int().min(0),
  rejected: z.array(Rejection),
  /** The revision that holds what was restated or late; null where nothing was. */
  file: z
    .strictObject({ file_id: z.uuid(), sha256: Sha256, rows: z.int(), revision: z.int().positive() })
    .nullable(),
});
