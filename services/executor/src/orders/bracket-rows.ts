import { randomUUID } from 'node:crypto';
import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import {
  bracketExits,
  clientOrderId,
  exitDecisionId,
  exitStep,
  type BracketExit,
} from '@aistock/trading/orders';
import { sum } from '@aistock/trading/portfolio';
import { orderReference } from './order-row.ts';
import { changeOrder, emitClosed } from './write-order.ts';

/** Puts the exits of a bracket beside its entry, so that they are known whatever becomes of it. */
export async function storeExits(trx: Trx, entry: OrderRow): Promise<void> {
  if (!entry.protection) return;
  for (const exit of bracketExits(entry.side, entry.protection)) {
    const row = await trx
      .insertInto('trading.orders')
      .values(exitColumns(entry, exit))
      .returningAll()
      .executeTakeFirstOrThrow();
    await emitEvent(trx, {
      kind: 'order.intended',
      subject: row.order_id,
      payload: { ...orderReference(row), parent_order_id: entry.order_id, part: exit.part },
    });
  }
}

function exitColumns(entry: OrderRow, exit: BracketExit) {
  const decision = exitDecisionId(entry.client_order_id, exit.part);
  const { account, intent_sha256, strategy, slot, instrument, stream, config_id } = entry;
  return {
    order_id: randomUUID(),
    decision_id: decision,
    client_order_id: clientOrderId(decision),
    account,
    intent_sha256,
    strategy,
    slot,
    instrument,
    stream,
    config_id,
    leg: `${entry.leg}_${exit.part}`,
    side: exit.side,
    order_type: exit.orderType,
    quantity: entry.quantity,
    limit_price: exit.limitPrice,
    stop_price: exit.stopPrice,
    trail_bps: exit.trailBps,
    time_in_force: 'gtc' as const,
    extended_hours: entry.extended_hours,
    reduce_only: true,
    parent_order_id: entry.order_id,
    part: exit.part,
    as_of: entry.as_of,
  };
}

/** Brings the exits of a bracket, whose account is locked, after a change of its entry or of one of them. */
export async function followBracket(trx: Trx, changed: OrderRow): Promise<void> {
  const entryId = changed.parent_order_id ?? (changed.protection ? changed.order_id : undefined);
  if (entryId === undefined) return;
  const rows = await trx
    .selectFrom('trading.orders')
    .selectAll()
    .where((eb) => eb.or([eb('order_id', '=', entryId), eb('parent_order_id', '=', entryId)]))
    .orderBy('part')
    .forUpdate()
    .execute();
  const entry = rows.find(({ part }) => part === null);
  if (!entry) throw new Error(`the entry of order ${changed.order_id} is gone`);
  const exits = rows.filter(({ part }) => part !== null);
  const received = await receivedOf(trx, entry);
  for (const exit of exits) {
    const other = exits.find(({ part }) => part !== exit.part);
    await follow(trx, { entry, received, exit, otherFilled: other?.filled_quantity ?? '0' });
  }
}

/** What an entry brought in: less than what has filled of it where fees were taken out of what was bought. */
async function receivedOf(trx: Trx, entry: OrderRow): Promise<string> {
  const fees = await trx
    .selectFrom('trading.fill')
    .select('fee')
    .where('order_id', '=', entry.order_id)
    .where('fee_currency', '=', entry.instrument.split('/', 1)[0] ?? entry.instrument)
    .execute();
  return sum(entry.filled_quantity, ...fees.map(({ fee }) => `-${fee}`));
}

interface Bracket {
  readonly entry: OrderRow;
  /** What of it the exits protect. */
  readonly received: string;
  readonly exit: OrderRow;
  readonly otherFilled: string;
}

async function follow(trx: Trx, { entry, received, exit, otherFilled }: Bracket): Promise<void> {
  const step = exitStep({ ...progressOf(entry), filledQuantity: received }, progressOf(exit), otherFilled);
  if (step.kind === 'stay') return;
  if (step.kind === 'end') {
    await emitClosed(trx, await changeOrder(trx, exit, 'cancel', { reason: 'entry_not_filled' }));
    return;
  }
  const { quantity } = step;
  if (step.kind === 'activate') await changeOrder(trx, exit, 'activate', { quantity });
  else
    await trx.updateTable('trading.orders').set({ quantity }).where('order_id', '=', exit.order_id).execute();
  await emitEvent(trx, {
    kind: 'order.activated',
    subject: exit.order_id,
    payload: { ...orderReference(exit), entry_order_id: entry.order_id, quantity },
  });
}

function progressOf({ status, quantity, filled_quantity: filledQuantity }: OrderRow) {
  return { status, quantity, filledQuantity };
}
