import type { Db } from '@aistock/database';
import type { Part } from '@aistock/lake';
import { sql } from 'kysely';

/** The bars of a stream that its registered files hold. */
export interface StreamBars {
  readonly bars: number;
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
}

/** Bars as first published and not quarantined: what readers get and counts count. */
function servedFiles(db: Db) {
  return db.selectFrom('ledger.file').where('status', '<>', 'quarantined').where('revision', '=', 0);
}

/** By stream. A stream without such files is left out. */
export async function countBars(db: Db, stream?: string): Promise<Map<string, StreamBars>> {
  const rows = await servedFiles(db)
    .$if(stream !== undefined, (query) => query.where('stream', '=', stream ?? ''))
    .select(({ fn }) => [
      'stream',
      fn.sum<number>('rows').as('bars'),
      fn.min('first_open_at').as('first'),
      fn.max('last_open_at').as('last'),
    ])
    .groupBy('stream')
    .execute();
  const counted = new Map<string, StreamBars>();
  for (const { stream: name, bars, first, last } of rows)
    if (first && last) counted.set(name, { bars, firstOpenMs: first.getTime(), lastOpenMs: last.getTime() });
  return counted;
}

export async function countQuarantined(db: Db, stream: string): Promise<number> {
  const row = await db
    .selectFrom('ledger.file')
    .select(({ fn }) => fn.countAll<number>().as('files'))
    .where('stream', '=', stream)
    .where('status', '=', 'quarantined')
    .executeTakeFirstOrThrow();
  return row.files;
}

export interface PartFilter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly newest: boolean;
  /** Each part holds at least one bar, so no more parts than bars are ever needed, and one or two at the edges. */
  readonly barsMax: number;
}
const PARTS_AT_EDGES = 2;

/** The registered parts of a stream that overlap the time, from the wanted end on. */
export async function findParts(db: Db, stream: string, filter: PartFilter): Promise<Part[]> {
  const from = new Date(filter.fromMs);
  const ofStream = servedFiles(db).where('stream', '=', stream);
  // Parts never overlap, so only the last one that begins before the time can reach into it; the index finds it.
  const reaching = ofStream
    .where('first_open_at', '<=', from)
    .select(({ fn }) => fn.max('first_open_at').as('at'));
  const rows = await ofStream
    .select(['sha256', 'rows', 'first_open_at', 'last_open_at'])
    .where('first_open_at', '>=', sql<Date>`coalesce((${reaching}), ${from})`)
    .where('last_open_at', '>=', from)
    .where('first_open_at', '<', new Date(filter.toMs))
    .orderBy('first_open_at', filter.newest ? 'desc' : 'asc')
    .limit(filter.barsMax + PARTS_AT_EDGES)
    .execute();
  return rows.flatMap(({ sha256, rows: bars, first_open_at: first, last_open_at: last }) =>
    first && last ? [{ sha256, rows: bars, firstOpenMs: first.getTime(), lastOpenMs: last.getTime() }] : [],
  );
}

/** The hash of every file that was ever registered, for the sweep. */
export async function knownHashes(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('ledger.file').select('sha256').execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}
