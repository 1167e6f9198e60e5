import type { Db } from '@aistock/database';

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

/** Which of these hashes are of files that were ever registered. */
export async function findRegistered(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('ledger.file').select('sha256').where('sha256', 'in', hashes).execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}
