import type { Db } from '@aistock/database';
import type { CuratedStore } from '@aistock/lake';
import { listFiles, type LedgerFileRow } from '@aistock/ledger';
import type { Clock, Handlers } from '@aistock/service-kit';
import type { dataIngesterApi, Output } from '@aistock/shared';
import type { Ingester } from './ingester.ts';
import { readBars } from './read-bars.ts';
import { SourceRanges } from './source-range.ts';
import type { StreamCatalogue } from './stream-catalogue.ts';
import { streamStates } from './stream-states.ts';
import { streamQuality } from './stream-quality.ts';

export interface HandlerOptions {
  readonly db: Db;
  readonly curated: CuratedStore;
  readonly ingester: Ingester;
  readonly catalogue: StreamCatalogue;
  readonly clock: Clock;
}

const FILES_DEFAULT = 1_000;

export function createHandlers(options: HandlerOptions): Handlers<typeof dataIngesterApi> {
  const { db, ingester, catalogue, clock } = options;
  const ranges = new SourceRanges(clock);
  return {
    ingestOnce: async ({ body }, { signal }) => ({
      streams: await ingester.run({ streams: body?.streams, untilMs: body?.until_ms, signal }),
    }),
    streams: async () => ({ streams: await streamStates(db, catalogue, ranges) }),
    quality: async ({ params }) => streamQuality(db, await catalogue.find(params.id, 'id')),
    bars: async ({ query }) =>
      readBars(options, await catalogue.find(query.stream, 'stream'), query, clock.nowMs()),
    files: async ({ query }) => {
      if (query.stream !== undefined) await catalogue.find(query.stream, 'stream');
      const files = await listFiles(db, { limit: FILES_DEFAULT, ...query });
      return { files: files.map(toWireFile) };
    },
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
