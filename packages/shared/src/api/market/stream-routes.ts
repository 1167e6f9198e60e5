import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { Instrument, Ms, Sha256, StreamId, Timeframe } from '../../vocabulary.ts';
import { Gap, Rejection } from './quality.ts';
import { FileStatus } from './files.ts';

const StreamIngest = z.strictObject({
  stream: StreamId,
  status: z.enum(['ingested', 'up_to_date', 'quarantined', 'failed']),
  fetched: z.int().min(0),
  accepted: z.int().min(0),
  rejected: z.array(Rejection),
  gaps: z.array(Gap),
  /** What was asked for and the source does not keep: no repetition will bring it. */
  unserved: z.array(z.strictObject({ from_ms: Ms, to_ms: Ms, why: z.string() })),
  file: z
    .strictObject({ file_id: z.uuid(), sha256: Sha256, rows: z.int(), first_open_ms: Ms, last_open_ms: Ms })
    .nullable(),
  watermark_ms: Ms.nullable(),
  /** True where the source has more closed bars than this call took. */
  more: z.boolean(),
  /** What went wrong, where the status is quarantined or failed. */
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  /** Why bars that the source gave once more, with other values or late, could not be kept; the status is that of new ones. */
  revision_problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
});

const StreamState = z.strictObject({
  stream: StreamId,
  source: z.string(),
  instrument: Instrument,
  timeframe: Timeframe,
  calendar: z.enum(['always', 'xnys', 'fx']),
  watermark_ms: Ms.nullable(),
  bars: z.int().min(0),
  first_open_ms: Ms.nullable(),
  last_open_ms: Ms.nullable(),
  files: z.record(FileStatus, z.int().min(0)),
  gaps: z.int().min(0),
  /** What the source has to give, where it can say so; null where it has nothing. */
  source_range: z.strictObject({ first_open_ms: Ms, last_open_ms: Ms }).nullable(),
});

/** What is fetched, and how far it is. */
export const streamRoutes = {
  ingestOnce: route({
    method: 'POST',
    path: '/ingest_once',
    summary: 'Download, check and register the next chunk of each stream since its watermark.',
    roles: OPERATORS,
    body: z
      .strictObject({
        /** The streams to work on; all configured ones unless told. */
        streams: z.array(StreamId).min(1).max(100).optional(),
        /** Pretend that the clock stands here: bars that close later are not taken. */
        until_ms: Ms.optional(),
      })
      .optional(),
    response: z.strictObject({ streams: z.array(StreamIngest) }),
    timeoutMs: 120_000,
  }),
  streams: route({
    method: 'GET',
    path: '/streams',
    summary: 'Every configured or known stream with its watermark and counts.',
    roles: READERS,
    response: z.strictObject({ streams: z.array(StreamState) }),
  }),
} as const;
