import type { Db } from '@aistock/database';

/** How far a stream was replayed for an account. */
export interface PaperClock {
  readonly clockMs: number;
  readonly lastBarOpenMs: number | null;
}

export async function readClock(db: Db, account: string, stream: string): Promise<PaperClock | undefined> {
  const row = await db
    .selectFrom('trading.paper_clock')
    .select(['clock', 'last_bar_open'])
    .where('account', '=', account)
    .where('stream', '=', stream)
    .executeTakeFirst();
  return row && { clockMs: row.clock.getTime(), lastBarOpenMs: row.last_bar_open?.getTime() ?? null };
}

/** How far a stream of an account was replayed, or without one the furthest of all; null before the first bar. */
export async function accountClockMs(
  db: Db,
  account: string,
  stream: string | undefined,
): Promise<number | null> {
  if (stream !== undefined) return (await readClock(db, account, stream))?.clockMs ?? null;
  const { clock } = await db
    .selectFrom('trading.paper_clock')
    .select(({ fn }) => fn.max('clock').as('clock'))
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  return clock === null ? null : clock.getTime();
}

export async function storeClock(
  db: Db,
  account: string,
  stream: string,
  { clockMs, lastBarOpenMs }: PaperClock,
): Promise<void> {
  const position = {
    clock: new Date(clockMs),
    last_bar_open: lastBarOpenMs === null ? null : new Date(lastBarOpenMs),
  };
  await db
    .insertInto('trading.paper_clock')
    .values({ account, stream, ...position })
    .onConflict((conflict) => conflict.columns(['account', 'stream']).doUpdateSet(position))
    .execute();
}
