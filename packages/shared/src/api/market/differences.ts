import { z } from 'zod';
import { Decimal, Ms, StreamId } from '../../vocabulary.ts';

/** `missing_here`: only the other source has the bar. `missing_there`: only the stream has it. */
export const DifferenceKind = z.enum(['price', 'volume', 'missing_here', 'missing_there']);
export type DifferenceKind = z.infer<typeof DifferenceKind>;

/** How far a stream was compared with another source. */
export const StreamComparison = z.strictObject({
  against: z.string(),
  /** Bars that both had. */
  compared_bars: z.int().min(0),
  /** The other source had no later bar yet. */
  undecided_bars: z.int().min(0),
  /** The other source could not be asked, had given the bars itself, or too many waited. */
  skipped_bars: z.int().min(0),
  last_problem: z.strictObject({ detail: z.string(), at_ms: Ms }).nullable(),
  /** Bars that differ by more than the tolerance, by kind. */
  differing_bars: z.record(DifferenceKind, z.int().min(0)),
});

const Difference = z.strictObject({
  against: z.string(),
  kind: DifferenceKind,
  /** 00:00 UTC. */
  day_ms: Ms,
  bars: z.int().positive(),
  /** The bar that differs most; of missing ones, the first. */
  worst: z.strictObject({
    open_ms: Ms,
    /** Null where the bar is missing. */
    value: z
      .strictObject({
        field: z.enum(['open', 'high', 'low', 'close', 'volume']),
        /** In basis points of the larger value. */
        bps: z.number().positive().max(10_000),
        ours: Decimal,
        theirs: Decimal,
      })
      .nullable(),
  }),
});

/** Where another source tells other bars than a stream has. */
export const StreamDifferences = z.strictObject({
  stream: StreamId,
  comparisons: z.array(StreamComparison),
  /** By day and kind, the newest day first; at most 1,000. */
  differences: z.array(Difference),
});
export type StreamDifferences = z.infer<typeof StreamDifferences>;
