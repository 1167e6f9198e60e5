import { z } from 'zod';
import { OPERATORS, READERS, route } from '../route.ts';
import { Backfill, BackfillRequest, BackfillStarted } from './market/backfill.ts';
import { CuratedRepair, HeldFile, ServedBar } from './market/curated.ts';
import { StreamDifferences } from './market/differences.ts';
import {
  AcceptFaults,
  Acceptance,
  AskAgain,
  AskedAgain,
  Gap,
  Quality,
  Rejection,
  StreamVerdict,
} from './market/quality.ts';
import { RefreshUniverse, UniverseMembers, UniverseState, UniverseWithInputs } from './market/universe.ts';
import {
  Accountable,
  FlagText,
  Instrument,
  intText,
  Ms,
  MsText,
  Name,
  Sha256,
  StreamId,
  StreamIdInPath,
  Timeframe,
} from '../vocabulary.ts';

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
  startBackfill: route({
    method: 'POST',
    path: '/backfill',
    summary: 'Fetch the bars of streams between two times, in the background; or tell what that would take.',
    roles: OPERATORS,
    body: BackfillRequest,
    response: BackfillStarted,
  }),
  backfills: route({
    method: 'GET',
    path: '/backfills',
    summary: 'The newest backfills, newest first.',
    roles: READERS,
    query: z.strictObject({ limit: intText(1, 100).optional() }),
    response: z.strictObject({ backfills: z.array(Backfill) }),
  }),
  backfill: route({
    method: 'GET',
    path: '/backfills/:backfill_id',
    summary: 'How far a backfill is.',
    roles: READERS,
    params: z.strictObject({ backfill_id: z.uuid() }),
    response: Backfill,
  }),
  cancelBackfill: route({
    method: 'DELETE',
    path: '/backfills/:backfill_id',
    summary: 'Stop a backfill; the bars that it has fetched stay.',
    roles: OPERATORS,
    params: z.strictObject({ backfill_id: z.uuid() }),
    response: Backfill,
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
    summary: 'Gaps, findings, coverage and verdict of a stream.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: Quality,
    timeoutMs: 30_000,
  }),
  qualityPage: route({
    method: 'GET',
    path: '/streams/:id/quality.html',
    summary: 'The same as a page for people, with a map of the coverage.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    contentType: 'text/html',
    response: z.string(),
    timeoutMs: 30_000,
  }),
  verdict: route({
    method: 'GET',
    path: '/streams/:id/verdict',
    summary: 'Whether a stream may be trained and traded on now.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: StreamVerdict,
  }),
  accept: route({
    method: 'POST',
    path: '/streams/:id/accept',
    summary: 'Accept gaps or findings by name and with a reason: they no longer count in the verdict.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: AcceptFaults,
    response: StreamVerdict.extend({ acceptance: Acceptance }),
    timeoutMs: 30_000,
  }),
  recheck: route({
    method: 'POST',
    path: '/streams/:id/recheck',
    summary: 'Ask the source again for a range of closed bars; what differs becomes a revision.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: AskAgain,
    response: AskedAgain,
    timeoutMs: 120_000,
  }),
  differences: route({
    method: 'GET',
    path: '/streams/:id/differences',
    summary: 'Where another source tells other bars than the stream has.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    response: StreamDifferences,
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
        /** Only what the store had learned by then: how it looked at that time. */
        known_ms: MsText.optional(),
        /** Tell of each bar which source gave it, when it was learned and which revision it is. */
        detail: FlagText.optional(),
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
      bars: z.array(ServedBar),
      /** Where the next page starts; null on the last page. */
      next_from_ms: Ms.nullable(),
    }),
  }),
  repair: route({
    method: 'POST',
    path: '/streams/:id/repair',
    summary:
      'Verify the Parquet files of a stream and make what is missing or damaged anew from the raw files.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: Accountable,
    response: CuratedRepair,
    timeoutMs: 120_000,
  }),
  universes: route({
    method: 'GET',
    path: '/universes',
    summary: 'Every universe that is configured or known from before.',
    roles: READERS,
    response: z.strictObject({ universes: z.array(UniverseState) }),
  }),
  universe: route({
    method: 'GET',
    path: '/universes/:name',
    summary: 'The members of a universe as of a time, and what they were chosen by.',
    roles: READERS,
    params: z.strictObject({ name: Name }),
    query: z.strictObject({
      /** The newest refresh as of this time or before; now unless told. */
      as_of_ms: MsText.optional(),
      /** Only refreshes that had been made by then. */
      known_ms: MsText.optional(),
    }),
    response: UniverseWithInputs,
  }),
  refreshUniverse: route({
    method: 'POST',
    path: '/universes/:name/refresh',
    summary: 'Choose the members of a universe anew, or as of an earlier time.',
    roles: OPERATORS,
    params: z.strictObject({ name: Name }),
    body: RefreshUniverse,
    response: UniverseMembers,
    timeoutMs: 120_000,
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
  heldFile: route({
    method: 'GET',
    path: '/files/:file_id/held',
    summary:
      'Whether the curated store holds the bars of a file: read from storage and compared value by value.',
    roles: READERS,
    params: z.strictObject({ file_id: z.uuid() }),
    response: HeldFile,
    timeoutMs: 60_000,
  }),
} as const;
