import type { Db, LedgerFileStatus } from '@aistock/database';
import type { LedgerFileRow } from './ledger-file.ts';

const FILES_MAX = 10_000;

/** Files of the ledger, oldest registration first; at most 10,000. */
export async function listFiles(
  db: Db,
  filter: { stream?: string | undefined; status?: LedgerFileStatus | undefined; limit?: number | undefined },
): Promise<LedgerFileRow[]> {
  const { stream, status, limit = FILES_MAX } = filter;
  return db
    .selectFrom('ledger.file')
    .selectAll()
    .$if(stream !== undefined, (query) => query.where('stream', '=', stream ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? 'downloaded'))
    .orderBy('registered_at')
    .orderBy('file_id')
    .limit(Math.min(limit, FILES_MAX))
    .execute();
}

/** Files of a stream that count and have bars of a time, both ends included, Unix ms UTC; in order of their first bar. */
export async function listFilesBetween(
  db: Db,
  stream: string,
  { fromMs, toMs, limit }: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
): Promise<LedgerFileRow[]> {
  return db
    .selectFrom('ledger.file')
    .selectAll()
    .where('stream', '=', stream)
    .where('is_used', '=', true)
    .where('last_open_at', '>=', new Date(fromMs))
    .where('first_open_at', '<=', new Date(toMs))
    .orderBy('first_open_at')
    .orderBy('file_id')
    .limit(limit)
    .execute();
}

/** The open time of the last bar registered in a stream, Unix ms; null where there is none. */
export async function findWatermark(db: Db, stream: string): Promise<number | null> {
  const row = await db
    .selectFrom('ledger.watermark')
    .select('open_at')
    .where('stream', '=', stream)
    .executeTakeFirst();
  return row?.open_at.getTime() ?? null;
}

/** The open time of the first bar of a stream as first published, Unix ms; null where there is none. */
export async function findFirst(db: Db, stream: string): Promise<number | null> {
  const row = await db
    .selectFrom('ledger.file')
    .select('first_open_at')
    .where('stream', '=', stream)
    .where('revision', '=', 0)
    .where('status', '<>', 'quarantined')
    .orderBy('first_open_at')
    .limit(1)
    .executeTakeFirst();
  return row?.first_open_at?.getTime() ?? null;
}

/** Whether a stream has files from before a time that are not processed yet, claimed or not. */
export async function hasOpenFilesBefore(db: Db, stream: string, at: Date): Promise<boolean> {
  const earlier = await db
    .selectFrom('ledger.file')
    .select('file_id')
    .where('stream', '=', stream)
    .where('is_open', '=', true)
    .where('revision', '=', 0)
    .where('first_open_at', '<', at)
    .limit(1)
    .executeTakeFirst();
  return earlier !== undefined;
}

/** What the ledger has of a stream; the watermark is Unix ms UTC. */
export interface StreamFiles {
  stream: string;
  /** Files by status; a status without files is left out. */
  files: Partial<Record<LedgerFileStatus, number>>;
  /** Null where only quarantined files came. */
  watermarkMs: number | null;
}

/** Every stream that the ledger knows, in order of name. */
export async function listStreams(db: Db): Promise<StreamFiles[]> {
  const counts = await db
    .selectFrom('ledger.file')
    .leftJoin('ledger.watermark', 'ledger.watermark.stream', 'ledger.file.stream')
    .select(['ledger.file.stream', 'status', 'open_at'])
    .select((eb) => eb.fn.countAll<number>().as('files'))
    .groupBy(['ledger.file.stream', 'status', 'open_at'])
    .orderBy('ledger.file.stream')
    .execute();
  const streams = new Map<string, StreamFiles>();
  for (const { stream, status, open_at, files } of counts) {
    const known = streams.get(stream) ?? { stream, files: {}, watermarkMs: open_at?.getTime() ?? null };
    known.files[status] = files;
    streams.set(stream, known);
  }
  return [...streams.values()];
}
