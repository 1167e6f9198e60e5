import { isDeepStrictEqual } from 'node:util';
import type { AccountRow, Db } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';

import { OrderStatus } from '@aistock/shared';
import { isFinal } from '@aistock/trading/orders';
import { sql } from 'kysely';
import type { Broker } from '../broker.ts';
import { lockAccount } from '../orders/order-row.ts';
import { compareBooks } from './compare-books.ts';
import { resolveUnknown, type UnknownRules } from './resolve-unknown.ts';
import { takeReports } from './take-reports.ts';

export interface ReconcileParts {
  readonly db: Db;
  readonly broker: Broker;
  readonly rules: UnknownRules;
  /** Orders that this process is placing right now: theirs is no unknown outcome. */
  readonly isPlacing: (orderId: string) => boolean;
}

export interface AccountResult {
  readonly account: string;
  readonly reconciled: boolean;
  readonly resolved_orders: number;
  readonly differences: string[];
}

/**
 * Brings an account up to the venue's word and compares the books. Doing it again changes nothing. A difference is
 * reported, never repaired by guessing, and keeps the account from trading.
 */
export async function reconcileAccount(parts: ReconcileParts, account: string): Promise<AccountResult> {
  const { db, broker, rules, isPlacing } = parts;
  const taken = await takeReports(db, broker, account, isPlacing);
  const resolved = await resolveUnknown(db, broker, account, { ...rules, isPlacing });
  const differences = [
    ...taken.problems,
    ...resolved.open.map((id) => `the outcome of order ${id} is unknown`),
    ...(await compare(parts, account)),
  ];
  const result = {
    account,
    reconciled: differences.length === 0,
    resolved_orders: taken.changed.size + resolved.absent,
    differences,
  };
  await storeResult(db, result);
  return result;
}

/** Both sides, read in an order in which an order that is placed meanwhile is no difference. */
async function compare({ db, broker, isPlacing }: ReconcileParts, account: string): Promise<string[]> {
  const before = await readOrders(db, account);
  const settled = before.filter(
    ({ order_id: orderId, status }) =>
      !isPlacing(orderId) && (status === 'WORKING' || status === 'PARTIALLY_FILLED'),
  );
  const openOrders = await broker.listOpenOrders(account);
  const after = await readOrders(db, account);
  const { cash } = await db
    .selectFrom('trading.account')
    .select('cash')
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  const positions = await db
    .selectFrom('trading.position')
    .select(['instrument', 'quantity'])
    .where('account', '=', account)
    .execute();
  return compareBooks(
    {
      working: new Set(settled.map(({ client_order_id: id }) => id)),
      notFinal: new Set(after.map(({ client_order_id: id }) => id)),
      positions: quantities(positions),
      cash,
    },
    {
      openOrders: new Set(openOrders.map(({ clientOrderId }) => clientOrderId)),
      positions: quantities(await broker.positions(account)),
      cash: await broker.cash(account),
    },
  );
}

function quantities(
  positions: readonly { readonly instrument: string; readonly quantity: string }[],
): Map<string, string> {
  return new Map(positions.map(({ instrument, quantity }) => [instrument, quantity]));
}

async function readOrders(db: Db, account: string) {
  return db
    .selectFrom('trading.orders')
    .select(['order_id', 'client_order_id', 'status'])
    .where('account', '=', account)
    .where('status', 'not in', FINAL)
    .execute();
}

const FINAL = OrderStatus.options.filter(isFinal);

/** Stores the result, and puts it on the record where it says something new. */
async function storeResult(db: Db, result: AccountResult): Promise<void> {
  const { account, reconciled, resolved_orders: resolvedOrders, differences } = result;
  await db.transaction().execute(async (trx) => {
    await lockAccount(trx, account);
    const before = await trx
      .selectFrom('trading.account')
      .select(['reconciled', 'differences'])
      .where('account', '=', account)
      .executeTakeFirstOrThrow();
    const news = resolvedOrders > 0 || isNews(before, result);
    await trx
      .updateTable('trading.account')
      .set({ reconciled, differences, ...(news ? { reconciled_at: sql<Date>`clock_timestamp()` } : {}) })
      .where('account', '=', account)
      .execute();
    if (!news) return;
    await emitEvent(trx, {
      kind: 'account.reconciled',
      subject: account,
      payload: { reconciled, resolved_orders: resolvedOrders, differences },
    });
  });
}

function isNews(before: Pick<AccountRow, 'reconciled' | 'differences'>, after: AccountResult): boolean {
  return before.reconciled !== after.reconciled || !isDeepStrictEqual(before.differences, after.differences);
}
