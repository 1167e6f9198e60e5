import type { Db, Trx } from '@aistock/database';
import type { OrderTerms } from '@aistock/shared';
import { termsSha256, type AccountBooks, type EarlierOrder, type OpenOrder } from '@aistock/trading/risk';
import { sql, type RawBuilder } from 'kysely';

/** What the gate reads of the books under the lock of the account. */
export interface Books {
  readonly books: AccountBooks | undefined;
  readonly clientOrderIdUsed: boolean;
}

/** Where orders are on the account's clock, and how far back a duplicate is looked for. */
export interface DuplicateWindow {
  readonly clock: 'wall' | 'replay';
  readonly clockMs: number;
  readonly windowMs: number;
}

/** The books of the order's account. Call it with the account locked: nothing in them can change until the commit. */
export async function readBooks(
  trx: Trx,
  terms: OrderTerms,
  window: DuplicateWindow | undefined,
): Promise<Books> {
  const { account } = terms;
  const state = await trx
    .selectFrom('trading.account_state')
    .select(['venue', 'cash', 'reconciled'])
    .where('account', '=', account)
    .executeTakeFirst();
  const positions = await trx
    .selectFrom('trading.position_exposure')
    .select(['instrument', 'quantity'])
    .where('account', '=', account)
    .execute();
  const openOrders = await readOpenOrders(trx, account);
  const earlierOrders = window ? await readDuplicates(trx, terms, window) : [];
  return {
    books: state && { ...state, positions, openOrders, earlierOrders },
    clientOrderIdUsed: await isClientOrderIdUsed(trx, terms),
  };
}

/** Every instrument that the account has a position, an open order or a permit in. */
export async function readInstruments(db: Db, account: string): Promise<Set<string>> {
  const positions = await db
    .selectFrom('trading.position_exposure')
    .select('instrument')
    .where('account', '=', account)
    .execute();
  const openOrders = await readOpenOrders(db, account);
  return new Set([...positions, ...openOrders].map(({ instrument }) => instrument));
}

/**
 * What may still fill: orders that the venue may have, and permits that can still be used, each client order id
 * once. An order whose permit has run out and that is not in the books cannot be sent any more, since the executor
 * compares the expiry under the same lock.
 */
async function readOpenOrders(db: Db, account: string): Promise<OpenOrder[]> {
  const { rows } = await sql<OpenOrder>`
    SELECT client_order_id AS "clientOrderId", instrument, side, quantity,
           COALESCE(GREATEST(limit_price, reference_price), 0) AS price
    FROM (
      SELECT o.client_order_id, o.instrument, o.side, o.quantity, o.limit_price, p.reference_price
      FROM trading.order_exposure o
      LEFT JOIN LATERAL (
        SELECT reference_price FROM risk.permit
        WHERE account = o.account AND client_order_id = o.client_order_id
        ORDER BY issued_at DESC LIMIT 1
      ) p ON true
      WHERE o.account = ${account}
      UNION ALL
      SELECT * FROM (
        SELECT DISTINCT ON (client_order_id) client_order_id, instrument, side, quantity, limit_price, reference_price
        FROM risk.permit
        WHERE account = ${account} AND expires_at > clock_timestamp()
          AND NOT EXISTS (
            SELECT FROM trading.client_order c
            WHERE c.account = permit.account AND c.client_order_id = permit.client_order_id
          )
        ORDER BY client_order_id, issued_at DESC
      ) permitted
    ) open_order`.execute(db);
  return rows;
}

/** The latest order with the same fingerprint inside the window. */
async function readDuplicates(trx: Trx, terms: OrderTerms, window: DuplicateWindow): Promise<EarlierOrder[]> {
  const column: RawBuilder<Date> = window.clock === 'wall' ? sql`issued_at` : sql`as_of`;
  const from = new Date(Math.max(0, window.clockMs - window.windowMs));
  const to = new Date(window.clockMs + window.windowMs);
  const { rows } = await sql<Omit<EarlierOrder, 'atMs'> & { at: Date }>`
    SELECT client_order_id AS "clientOrderId", strategy, instrument, side, quantity, ${column} AS at
    FROM risk.permit
    WHERE account = ${terms.account} AND instrument = ${terms.instrument} AND strategy = ${terms.strategy}
      AND side = ${terms.side} AND quantity = ${terms.quantity} AND client_order_id <> ${terms.client_order_id}
      AND ${column} BETWEEN ${from} AND ${to}
    ORDER BY ${column} DESC
    LIMIT 1`.execute(trx);
  return rows.map(({ at, ...order }) => ({ ...order, atMs: at.getTime() }));
}

/** Whether an order was made of the id before, or it was permitted for other terms. */
async function isClientOrderIdUsed(trx: Trx, terms: OrderTerms): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    SELECT EXISTS (
      SELECT FROM trading.client_order
      WHERE account = ${terms.account} AND client_order_id = ${terms.client_order_id}
    ) OR EXISTS (
      SELECT FROM risk.permit
      WHERE account = ${terms.account} AND client_order_id = ${terms.client_order_id}
        AND terms_sha256 <> ${termsSha256(terms)}
    ) AS used`.execute(trx);
  return rows[0]?.used ?? true;
}
