import type { Db, Trx } from '@aistock/database';
import type { OrderTerms } from '@aistock/shared';
import {
  termsSha256,
  type AccountBooks,
  type EarlierOrder,
  type HeldPosition,
  type OpenOrder,
} from '@aistock/trading/risk';
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

interface BooksRow {
  readonly venue: string | null;
  readonly cash: string;
  readonly reconciled: boolean;
  readonly positions: HeldPosition[];
  readonly openOrders: OpenOrder[];
  readonly clientOrderIdUsed: boolean;
}

/**
 * The books of the order's account, in one statement: amounts as text, for JSON has no decimals. Call it with the
 * account locked: nothing in them can change until the commit.
 */
export async function readBooks(
  trx: Trx,
  terms: OrderTerms,
  window: DuplicateWindow | undefined,
): Promise<Books> {
  const { account } = terms;
  const { rows } = await sql<BooksRow>`
    SELECT state.venue, state.cash, state.reconciled,
      COALESCE((
        SELECT json_agg(json_build_object('instrument', instrument, 'quantity', quantity::text))
        FROM trading.position_exposure WHERE account = ${account}
      ), '[]') AS positions,
      COALESCE((SELECT json_agg(open_order) FROM ${openOrdersOf(account)} open_order), '[]') AS "openOrders",
      ${isClientOrderIdUsed(terms)} AS "clientOrderIdUsed"
    FROM (VALUES (1)) AS always LEFT JOIN trading.account_state state ON state.account = ${account}`.execute(
    trx,
  );
  const [row] = rows;
  if (!row) throw new Error('the database did not tell the books');
  const { venue, clientOrderIdUsed, ...books } = row;
  if (venue === null) return { books: undefined, clientOrderIdUsed };
  const earlierOrders = window && window.windowMs > 0 ? await readDuplicates(trx, terms, window) : [];
  return { books: { venue, ...books, earlierOrders }, clientOrderIdUsed };
}

/** Every instrument that the account has a position, an open order or a permit in. */
export async function readInstruments(db: Db, account: string): Promise<Set<string>> {
  const { rows } = await sql<{ instrument: string }>`
    SELECT instrument FROM trading.position_exposure WHERE account = ${account}
    UNION SELECT instrument FROM ${openOrdersOf(account)} open_order`.execute(db);
  return new Set(rows.map(({ instrument }) => instrument));
}

/**
 * What may still fill: orders that the venue may have, and permits that can still be used, each client order id
 * once. An order whose permit has run out and that is not in the books cannot be sent any more, since the executor
 * compares the expiry under the same lock.
 */
function openOrdersOf(account: string): RawBuilder<OpenOrder> {
  return sql`(
    SELECT client_order_id AS "clientOrderId", instrument, side, quantity::text AS quantity,
           COALESCE(GREATEST(limit_price, stop_price, reference_price), 0)::text AS price, bracket
    FROM (
      SELECT o.client_order_id, o.instrument, o.side, o.quantity, o.limit_price, o.stop_price, p.reference_price,
             o.bracket
      FROM trading.order_exposure o
      LEFT JOIN LATERAL (
        SELECT reference_price FROM risk.permit
        WHERE account = o.account AND client_order_id = o.client_order_id
        ORDER BY issued_at DESC LIMIT 1
      ) p ON true
      WHERE o.account = ${account}
      UNION ALL
      SELECT * FROM (
        SELECT DISTINCT ON (client_order_id) client_order_id, instrument, side, quantity, limit_price, stop_price,
               reference_price, NULL AS bracket
        FROM risk.permit
        WHERE account = ${account} AND expires_at > clock_timestamp()
          AND NOT EXISTS (
            SELECT FROM trading.client_order c
            WHERE c.account = permit.account AND c.client_order_id = permit.client_order_id
          )
        ORDER BY client_order_id, issued_at DESC
      ) permitted
    ) either
  )`;
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
function isClientOrderIdUsed(terms: OrderTerms): RawBuilder<boolean> {
  const { account, client_order_id: id } = terms;
  return sql`(
    EXISTS (SELECT FROM trading.client_order WHERE account = ${account} AND client_order_id = ${id})
    OR EXISTS (
      SELECT FROM risk.permit
      WHERE account = ${account} AND client_order_id = ${id} AND terms_sha256 <> ${termsSha256(terms)}
    )
  )`;
}
