import { listFiles, type LedgerFileRow } from '@aistock/ledger';
import type { Handlers } from '@aistock/service-kit';
import type { dataIngesterApi, Output } from '@aistock/shared';
import { createActionHandlers } from './actions/action-handlers.ts';
import { createBackfillHandlers } from './backfill/backfill-handlers.ts';
import type { BackfillWorker } from './backfill/backfill-worker.ts';
import { streamDifferences } from './comparison/difference-store.ts';
import type { Adoption } from './curated/adoption.ts';
import { heldFile } from './curated/held-file.ts';
import { createCuratedHandlers } from './curated/curated-handlers.ts';
import type { Ingester } from './ingester.ts';
import type { IngestKeeper } from './ingest-stream.ts';
import { createQualityHandlers } from './quality/quality-handlers.ts';
import { SourceRanges } from './source-range.ts';
import type { StreamCatalogue } from './stream-catalogue.ts';
import { streamStates } from './stream-states.ts';
import { createUniverseHandlers } from './universe/universe-handlers.ts';
import type { Universes } from './universe/universes.ts';
import type { WaitingReaders } from './waiting-readers.ts';

export interface HandlerOptions {
  readonly keeper: IngestKeeper;
  readonly ingester: Ingester;
  readonly catalogue: StreamCatalogue;
  readonly backfill: BackfillWorker;
  readonly adopted: Adoption;
  readonly universes: Universes;
  readonly waiting: WaitingReaders;
}

const FILES_DEFAULT = 1_000;

export function createHandlers({
  keeper,
  ingester,
  catalogue,
  backfill,
  adopted,
  universes,
  waiting,
}: HandlerOptions): Handlers<typeof dataIngesterApi> {
  const { db, lake, clock } = keeper;
  const ranges = new SourceRanges(clock);
  return {
    ingestOnce: async ({ body }, { signal }) => ({
      streams: await ingester.run({ streams: body?.streams, untilMs: body?.until_ms, signal }),
    }),
    streams: async () => ({ streams: await streamStates(db, catalogue, ranges) }),
    ...createBackfillHandlers({ db, clock, catalogue, wake: () => backfill.wake() }),
    ...createQualityHandlers(keeper, catalogue),
    ...createUniverseHandlers(universes.world, universes.configured),
    ...createActionHandlers({ db, clock, catalogue }),
    ...createCuratedHandlers(keeper, { catalogue, adopted, waiting }),
    differences: async ({ params }) => streamDifferences(db, (await catalogue.find(params.id, 'id')).stream),
    files: async ({ query }) => {
      if (query.stream !== undefined) await catalogue.find(query.stream, 'stream');
      const files = await listFiles(db, { limit: FILES_DEFAULT, ...query });
      return { files: files.map(toWireFile) };
    },
    heldFile: ({ params }) => heldFile(db, lake, params.file_id),
  };
}

function toWireFile(row: LedgerFileRow): Output<typeof dataIngesterApi.files>['files'][number] {
  const { file_id, stream, sha256, rows, status, claim_epoch, claimed_by, attempts, reason } = row;
  return {
    file_id,
    stream,
    sha256,
    rows,
    first_open_ms: msOf(row.first_open_at),
    last_open_ms: msOf(row.last_open_at),
    status,
    claim_epoch,
    claimed_by,
    lease_until_ms: msOf(row.lease_until),
    attempts,
    reason,
    registered_ms: row.registered_at.getTime(),
    deleted_ms: msOf(row.deleted_at),
  };
}

function msOf(at: Date | null): number | null {
  return at?.getTime() ?? null;
}
