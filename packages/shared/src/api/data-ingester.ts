import { z } from 'zod';
import { OPERATORS, READERS, route } from '../route.ts';
import {
  Bar,
  FlagText,
  Instrument,
  intText,
  Ms,
  MsText,
  Sha256,
  StreamId,
  StreamIdInPath,
  Timeframe,
} from '../vocabulary.ts';

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

/** A run of bars that the calendar expects and the source did not give. Never filled. */
export const Gap = z.strictObject({ from_ms: Ms, to_ms: Ms, missing_bars: z.int().positive() });
export type Gap = z.infer<typeof Gap>;

export const FileStatus = z.enum(['downloaded', 'processing', 'processed', 'quarantined', 'failed']);

export const LedgerFile = z.strictObject({
  file_id: z.uuid(),
  stream: StreamId,
  sha256: Sha256,
  rows: z.int().min(0),
  first_open_ms: Ms.nullable(),
  last_open_ms: Ms.nullable(),
  status: FileStatus,
  claim_epoch: z.int().min(0),
  claimed_by: z.string().nullable(),
  lease_until_ms: Ms.nullable(),
  attempts: z.int().min(0),
  reason: z.string().nullable(),
  registered_ms: Ms,
  deleted_ms: Ms.nullable(),
});

const StreamIngest = z.strictObject({
  stream: StreamId,
  status: z.enum(['ingested', 'up_to_date', 'quarantined', 'failed']),
  fetched: z.int().min(0),
  accepted: z.int().min(0),
  rejected: z.array(Rejection),
  gaps: z.array(Gap),
  file: z
    .strictObject({ file_id: z.uuid(), sha256: Sha256, rows: z.int(), first_open_ms: Ms, last_open_ms: Ms })
    .nullable(),
  watermark_ms: Ms.nullable(),
  /** True where the source has more closed bars than this call took. */
  more: z.boolean(),
  /** What went wrong, where the status is quarantined or failed. */
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
});

const Quality = z.strictObject({
  stream: StreamId,
  bars: z.int().min(0),
  expected_bars: z.int().min(0),
  missing_bars: z.int().min(0),
  gaps: z.array(Gap),
  /** `session`: a missing bar is a gap. `trades_only`: the source makes no bar in a minute without trades. */
  gap_meaning: z.enum(['session', 'trades_only']),
  rejected: z.array(Rejection),
  quarantined_files: z.int().min(0),
  verdict: z.enum(['pass', 'warn', 'block']),
  reasons: z.array(z.string()),
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

const BARS_PER_PAGE_MAX = 10_000;

export const dataIngesterApi = {
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
  quality: route({
    method: 'GET',
    path: '/streams/:id/quality',
    summary: 'Gaps, rejections and verdict of a stream.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: Quality,
  }),
  bars: route({
    method: 'GET',
    path: '/bars',
    summary: 'Closed bars of a stream, point in time: nothing that closed after as_of_ms.',
    roles: READERS,
    query: z
      .strictObject({
        stream: StreamIdInPath,
        from_ms: MsText.optional(),
        /** Only bars that opened before this. */
        to_ms: MsText.optional(),
        /** Only bars that had closed by then; now unless told. */
        as_of_ms: MsText.optional(),
        /** The newest bars instead of the oldest; still in ascending order. */
        newest: FlagText.optional(),
        limit: intText(1, BARS_PER_PAGE_MAX).optional(),
      })
      .refine(
        (query) => query.from_ms === undefined || query.to_ms === undefined || query.from_ms <= query.to_ms,
        {
          path: ['from_ms'],
          message: 'must not be after to_ms',
        },
      ),
    response: z.strictObject({
      stream: StreamId,
      bars: z.array(Bar),
      /** Where the next page starts; null on the last page. */
      next_from_ms: Ms.nullable(),
    }),
  }),
  files: route({
    method: 'GET',
    path: '/files',
    summary: 'The files of the ledger, oldest first.',
    roles: READERS,
    query: z.strictObject({
      stream: StreamIdInPath.optional(),
      status: FileStatus.optional(),
      limit: intText(1, 10_000).optional(),
    }),
    response: z.strictObject({ files: z.array(LedgerFile) }),
  }),
} as const;
