import type { Db, Trx } from '@aistock/database';
import { countExpectedBars, splitGap, TIMEFRAME_MS } from '@aistock/market';
import type { Keeper } from '../keep-chunk.ts';
import { gapsAround, noteGaps, type GapRow } from './gap-store.ts';
import { heldBars } from './held-bars.ts';
import { saveWatch } from './watch-bars.ts';
import { lockWatch, scheduleOf, type WatchedStream } from './watched-stream.ts';

interface LostFile {
  readonly file_id: string;
  readonly rows: number;
  readonly first_open_at: Date;
  readonly last_open_at: Date;
}

/**
 * A file that was registered and found corrupt later is no longer served, so that what it held is missing, but for what
 * was restated or came late beside it: it becomes gaps, is asked for again and counts in the verdict, once for each file.
 */
export async function noteLostFiles(
  { db, reader }: Pick<Keeper, 'db' | 'reader'>,
  spec: WatchedStream,
  at: Date,
): Promise<void> {
  const opens = new Map<string, readonly number[]>();
  for (const file of await lostFiles(db, spec.stream)) {
    const held = await heldBars(reader, spec, { ...rangeOf(file, spec), asOfMs: at.getTime() });
    opens.set(
      file.file_id,
      held.map(({ openMs }) => openMs),
    );
  }
  if (opens.size === 0) return;
  await db.transaction().execute(async (trx) => {
    const watch = await lockWatch(trx, spec);
    const files = (await lostFiles(trx, spec.stream)).filter(({ file_id }) => opens.has(file_id));
    if (files.length === 0 || watch === undefined) return;
    let lost = 0;
    for (const file of files) lost += await noteLost(trx, spec, file, opens.get(file.file_id) ?? []);
    await trx
      .insertInto('market.lost_file')
      .values(files.map(({ file_id }) => ({ file_id, noted_at: at })))
      .execute();
    await saveWatch(trx, spec, { ...watch, bars: Math.max(0, watch.bars - lost) }, at);
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

/** Notes what is missing without the file as gaps; answers how many bars that are there went with it. */
async function noteLost(
  trx: Trx,
  spec: WatchedStream,
  file: LostFile,
  held: readonly number[],
): Promise<number> {
  const range = rangeOf(file, spec);
  const rows = await gapsAround(trx, spec.stream, range);
  const [filled, missing] = [rows.filter(isFilled), rows.filter((row) => !isFilled(row))];
  const schedule = scheduleOf(spec);
  const gaps = runsBetween(missing, range).flatMap((run) => {
    const missingBars = countExpectedBars(run.fromMs, run.toMs, schedule);
    const opens = held.filter((openMs) => openMs >= run.fromMs && openMs < run.toMs);
    return missingBars > 0 ? splitGap({ ...run, missingBars }, opens, schedule).open : [];
  });
  await noteGaps(trx, spec.stream, gaps);
  const late = held.filter((openMs) =>
    filled.some(({ from_at, to_at }) => openMs >= from_at.getTime() && openMs < to_at.getTime()),
  );
  return file.rows - (held.length - late.length);
}

function isFilled({ state }: GapRow): boolean {
  return state === 'filled';
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

function rangeOf({ first_open_at, last_open_at }: LostFile, { timeframe }: WatchedStream): Range {
  return { fromMs: first_open_at.getTime(), toMs: last_open_at.getTime() + TIMEFRAME_MS[timeframe] };
}

/** What of a range was not missing already. */
function runsBetween(gaps: readonly GapRow[], range: Range): Range[] {
  const missing = gaps.map(({ from_at, to_at }) => ({ fromMs: from_at.getTime(), toMs: to_at.getTime() }));
  let { fromMs } = range;
  return [...missing, { fromMs: range.toMs, toMs: range.toMs }].map((gap) => {
    const run = { fromMs, toMs: gap.fromMs };
    fromMs = gap.toMs;
    return run;
  });
}
