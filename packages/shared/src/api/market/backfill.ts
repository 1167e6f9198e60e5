import { z } from 'zod';
import { Ms, StreamId } from '../../vocabulary.ts';

const STREAMS_MAX = 1_000;

/** What is to be fetched. */
export const BackfillRequest = z
  .strictObject({
    /** The streams to fetch; all configured ones unless told. */
    streams: z.array(StreamId).min(1).max(STREAMS_MAX).optional(),
    /** Bars that open at or after this. */
    since_ms: Ms,
    /** Bars that have closed by then; now unless told, and never later than now. */
    until_ms: Ms.optional(),
    /** Only tell what would be fetched. */
    dry_run: z.boolean().optional(),
  })
  .refine(({ since_ms, until_ms }) => until_ms === undefined || since_ms < until_ms, {
    path: ['since_ms'],
    message: 'must be before until_ms',
  });

/** What a backfill of one stream is expected to take. */
export const BackfillPlan = z.strictObject({
  stream: StreamId,
  /** Bars that the calendar expects and that are not there; before an instrument was listed there are none to be had. */
  bars: z.int().min(0),
  /** Requests to the source; 0 where it is a file. */
  requests: z.int().min(0),
  /** At the venue's budget for downloads; null where it is a file or no limit is known. */
  seconds: z.number().min(0).nullable(),
});

export const BackfillStarted = z.strictObject({
  /** Null of a dry run. */
  backfill_id: z.uuid().nullable(),
  since_ms: Ms,
  until_ms: Ms,
  plan: z.array(BackfillPlan),
});

export type BackfillStarted = z.infer<typeof BackfillStarted>;

export const BackfillStreamState = z.strictObject({
  stream: StreamId,
  status: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** Registered bars between the two times, of as many as the calendar expects; never more than those. */
  bars_done: z.int().min(0),
  bars_total: z.int().min(0),
  /** Where the source begins; null until it was asked. */
  from_ms: Ms.nullable(),
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
});

export const Backfill = z.strictObject({
  backfill_id: z.uuid(),
  /** `running` while a stream waits or is worked on; then the worst that became of one. */
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  since_ms: Ms,
  until_ms: Ms,
  created_ms: Ms,
  bars_done: z.int().min(0),
  bars_total: z.int().min(0),
  /** Bars a second over the last minute; 0 while nothing moves. */
  bars_per_s: z.number().min(0),
  /** What is left at that rate; null while nothing moves. */
  seconds_left: z.number().min(0).nullable(),
  streams: z.array(BackfillStreamState),
});
export type Backfill = z.infer<typeof Backfill>;
