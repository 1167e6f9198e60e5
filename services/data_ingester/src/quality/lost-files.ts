import type { Db, Trx } from '@aistock/database';
import { countExpectedBars, TIMEFRAME_MS, type Gap } from '@aistock/market';
import { gapsAround, noteGaps } from './gap-store.ts';
import { saveWatch } from './watch-bars.ts';
import { lockWatch, scheduleOf, type WatchedStream } from './watched-stream.ts';

interface LostFile {
  readonly file_id: string;
  readonly rows: number;
  readonly first_open_at: Date;
  readonly last_open_at: Date;
}

/**
 * A file that was registered and found corrupt later is no longer served, so that what it held is missing: it becomes a
 * gap, is asked for again and counts in the verdict, once for each file.
 */
export async function noteLostFiles(db: Db, spec: WatchedStream, at: Date): Promise<void> {
  if ((await lostFiles(db, spec.stream)).length === 0) return;
  await db.transaction().execute(async (trx) => {
    const watch = await lockWatch(trx, spec);
    const files = await lostFiles(trx, spec.stream);
    if (files.length === 0 || watch === undefined) return;
    for (const file of files) await noteGaps(trx, spec.stream, await heldRuns(trx, spec, file));
    await trx
      .insertInto('market.lost_file')
      .values(files.map(({ file_id }) => ({ file_id, noted_at: at })))
      .execute();
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    await saveWatch(trx, spec, { ...watch, bars: Math.max(0, watch.bars - rows) }, at);
  });
}

async function lostFiles(db: Db, stream: string): Promise<LostFile[]> {
  const rows = await db
    .selectFrom('ledger.file')
    .select(['file_id', 'rows', 'first_open_at', 'last_open_at'])
    .where('stream', '=', stream)
    .where('status', '=', 'quarantined')
    .where('claim_epoch', '>', 0)
    .where('revision', '=', 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('market.lost_file')
            .select('market.lost_file.file_id')
            .whereRef('market.lost_file.file_id', '=', 'ledger.file.file_id'),
        ),
      ),
    )
    .execute();
  return rows.flatMap(({ first_open_at, last_open_at, ...file }) =>
    first_open_at && last_open_at ? [{ ...file, first_open_at, last_open_at }] : [],
  );
}

/** The runs of bars that the file held: its range without what was missing in it already. */
async function heldRuns(trx: Trx, spec: WatchedStream, file: LostFile): Promise<Gap[]> {
  const schedule = scheduleOf(spec);
  const range = {
    fromMs: file.first_open_at.getTime(),
    toMs: file.last_open_at.getTime() + TIMEFRAME_MS[spec.timeframe],
  };
  const gaps = (await gapsAround(trx, spec.stream, range)).map((row) => ({
    fromMs: row.from_at.getTime(),
    toMs: row.to_at.getTime(),
  }));
  const edges = [...gaps, { fromMs: range.toMs, toMs: range.toMs }];
  let fromMs = range.fromMs;
  return edges.flatMap((gap) => {
    const run = { fromMs, toMs: gap.fromMs, missingBars: countExpectedBars(fromMs, gap.fromMs, schedule) };
    fromMs = gap.toMs;
    return run.missingBars > 0 ? [run] : [];
  });
}
