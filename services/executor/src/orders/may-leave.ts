import type { OrderRow, Trx } from '@aistock/database';
import { sql } from 'kysely';
import { closeOrder, denyOrder, type Refusal } from './change-order.ts';
import { lockOrder } from './order-row.ts';

export interface LeaveRules {
  /** An intent older than this is never sent, in ms. */
  readonly intentTtlMs: number;
  /** Whether this process has found the books of an account equal to the venue's. */
  readonly isGreen: (account: string) => boolean;
}

const NOT_RECONCILED: Refusal = {
  reason: 'not_reconciled',
  denials: [
    {
      code: 'not_reconciled',
      message: "the executor's books were not found equal to the venue's",
      limit: null,
      actual: null,
    },
  ],
};

/** The order, locked, where it is pending and may leave as far as the executor is concerned; else it has been ended. */
export async function lockIfMayLeave(
  trx: Trx,
  order: OrderRow,
  rules: LeaveRules,
): Promise<OrderRow | undefined> {
  const pending = await lockOrder(trx, order);
  if (pending.status !== 'PENDING') return undefined;
  if ((await ageMs(trx, pending)) > rules.intentTtlMs) {
    await closeOrder(trx, pending, 'lapse', 'too_old_to_send');
    return undefined;
  }
  if (rules.isGreen(order.account) && (await isReconciled(trx, order.account))) return pending;
  await denyOrder(trx, pending, NOT_RECONCILED);
  return undefined;
}

/** By the database's clock. */
async function ageMs(trx: Trx, order: OrderRow): Promise<number> {
  const { rows } = await sql<{ age_ms: number }>`
    SELECT (extract(epoch FROM clock_timestamp() - created_at) * 1000)::float8 AS age_ms
    FROM trading.orders WHERE order_id = ${order.order_id}`.execute(trx);
  return rows[0]?.age_ms ?? Infinity;
}

async function isReconciled(trx: Trx, account: string): Promise<boolean> {
  const row = await trx
    .selectFrom('trading.account')
    .select('reconciled')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.reconciled === true;
}
