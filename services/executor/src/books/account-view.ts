import type { AccountRow, Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import type { executorApi, Output } from '@aistock/shared';
import { equity, toWire, unrealisedPnl } from '@aistock/trading/portfolio';
import { sql } from 'kysely';
import { accountClockMs } from '../paper/paper-clock.ts';

type Account = Output<typeof executorApi.account>;
type Position = Output<typeof executorApi.positions>['positions'][number];

export async function readAccount(db: Db, account: string): Promise<AccountRow> {
  const row = await db
    .selectFrom('trading.account')
    .selectAll()
    .where('account', '=', account)
    .executeTakeFirst();
  if (row) return row;
  throw new ServiceError('account_unknown', 404, `there is no account ${account}`);
}

/**
 * Cash, equity and state of an account, with the clock of one stream or the furthest of all.
 * @throws ServiceError `account_unknown`.
 */
export async function viewAccount(
  db: Db,
  account: string,
  isGreen: (account: string) => boolean,
  stream?: string,
): Promise<Account> {
  const [row, positions, clockMs] = await Promise.all([
    readAccount(db, account),
    readMarked(db, account),
    accountClockMs(db, account, stream),
  ]);
  const worth = equity(
    row.cash,
    positions.map(({ quantity, mark_price: markPrice }) => ({ quantity, markPrice })),
  );
  return {
    account,
    venue: row.venue,
    currency: row.currency,
    start_cash: toWire(row.start_cash),
    cash: toWire(row.cash),
    equity: worth === undefined ? null : toWire(worth),
    clock_ms: clockMs,
    reconciled: row.reconciled && isGreen(account),
  };
}

export async function viewPositions(db: Db, account: string | undefined): Promise<Position[]> {
  const rows = await readMarked(db, account);
  return rows.map((row) => {
    const open = unrealisedPnl({ quantity: row.quantity, cost: row.cost, markPrice: row.mark_price });
    return {
      account: row.account,
      instrument: row.instrument,
      quantity: toWire(row.quantity),
      average_price: row.average_price,
      realised_pnl: toWire(row.realised_pnl),
      fees: toWire(row.fees),
      mark_price: row.mark_price,
      unrealised_pnl: open === undefined ? null : toWire(open),
    };
  });
}

async function readMarked(db: Db, account: string | undefined) {
  return db
    .selectFrom('trading.position as position')
    .leftJoin('trading.mark as mark', (join) =>
      join
        .onRef('mark.account', '=', 'position.account')
        .onRef('mark.instrument', '=', 'position.instrument'),
    )
    .selectAll('position')
    .select('mark.price as mark_price')
    .$if(account !== undefined, (query) => query.where('position.account', '=', account ?? ''))
    .orderBy('position.account')
    .orderBy('position.instrument')
    .execute();
}

/** Remembers what an instrument was last worth, by the clock of the account; an older price does not replace it. */
export async function storeMark(
  db: Db,
  mark: {
    readonly account: string;
    readonly instrument: string;
    readonly price: string;
    readonly atMs: number;
  },
): Promise<void> {
  const { account, instrument, price, atMs } = mark;
  await sql`
    INSERT INTO trading.mark AS mark (account, instrument, price, marked_at)
    VALUES (${account}, ${instrument}, ${price}, ${new Date(atMs)})
    ON CONFLICT (account, instrument) DO UPDATE SET price = excluded.price, marked_at = excluded.marked_at
    WHERE mark.marked_at <= excluded.marked_at`.execute(db);
}
