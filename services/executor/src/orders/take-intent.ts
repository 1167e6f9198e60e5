import { randomUUID } from 'node:crypto';
import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import { canonicalJson, sha256Hex, type FieldProblem, type OrderIntent } from '@aistock/shared';
import { quoteCurrency } from '@aistock/trading/core';
import { clientOrderId, decisionId } from '@aistock/trading/orders';
import { storeExits } from './bracket-rows.ts';
import { intentColumns, orderReference } from './order-row.ts';

/**
 * Puts an intent on disk, once: the same decision is the same order for ever.
 * @throws ServiceError `account_unknown`, `invalid_request`, or `decision_conflict` where the decision was made with other
 * terms before.
 */
export async function takeIntent(trx: Trx, intent: OrderIntent): Promise<OrderRow> {
  checkIntent(intent);
  const { account, decision_id: decision } = intent;
  const known = await trx
    .selectFrom('trading.account')
    .select('currency')
    .where('account', '=', account)
    .executeTakeFirst();
  if (!known) {
    const message = 'must be an account that was opened, by POST /paper/accounts for one';
    throw new ServiceError('account_unknown', 404, `there is no account ${account}`, {
      fields: [{ field: 'body.account', message }],
    });
  }
  checkCurrency(intent, known.currency);
  const intentSha256 = sha256Hex(canonicalJson(intent));
  const taken = await trx
    .insertInto('trading.orders')
    .values({
      order_id: randomUUID(),
      client_order_id: clientOrderId(decision),
      intent_sha256: intentSha256,
      ...intentColumns(intent),
    })
    .onConflict((conflict) => conflict.columns(['account', 'decision_id']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!taken) return existingOrder(trx, intent, intentSha256);
  await emitEvent(trx, {
    kind: 'order.intended',
    subject: taken.order_id,
    payload: { ...intent, ...orderReference(taken), intent_sha256: intentSha256 },
  });
  await storeExits(trx, taken);
  return taken;
}

async function existingOrder(trx: Trx, intent: OrderIntent, intentSha256: string): Promise<OrderRow> {
  const order = await trx
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', intent.account)
    .where('decision_id', '=', intent.decision_id)
    .executeTakeFirstOrThrow();
  if (order.intent_sha256 === intentSha256) return order;
  throw new ServiceError(
    'decision_conflict',
    409,
    `decision ${intent.decision_id} was made with other terms before, as order ${order.order_id}`,
  );
}

/** An account has books in one currency: what is priced in another one would be booked as if it were that. */
function checkCurrency({ instrument }: OrderIntent, currency: string): void {
  const quote = quoteCurrency(instrument);
  if (quote === undefined || quote === currency) return;
  const field = {
    field: 'body.instrument',
    message: `must be priced in ${currency}, as the account is kept`,
  };
  throw new ServiceError('invalid_request', 400, `${field.field} ${field.message}`, { fields: [field] });
}

/** What the contract's schema cannot say about an intent: how its parts fit together. */
function checkIntent(intent: OrderIntent): void {
  const { account, slot, strategy, instrument, stream, bar_open_ms: barOpenMs, leg } = intent;
  const fields: FieldProblem[] = [];
  if (intent.decision_id !== decisionId({ account, slot, strategy, instrument, stream, barOpenMs, leg })) {
    const message = 'must be the hash of account, slot, strategy, instrument, stream, bar_open_ms and leg';
    fields.push({ field: 'body.decision_id', message });
  }
  if (stream.split(':').slice(1, -1).join(':') !== instrument) {
    fields.push({ field: 'body.stream', message: `must be a stream of ${instrument}` });
  }
  const [first] = fields;
  if (first) throw new ServiceError('invalid_request', 400, `${first.field} ${first.message}`, { fields });
}
