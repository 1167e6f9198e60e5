import type { Db, OrderRow } from '@aistock/database';
import { emitEvent, type Logger } from '@aistock/service-kit';
import { VenueRejection, type Broker } from '../broker.ts';
import type { FaultPoint } from '../fault-point.ts';
import { acknowledgeOrder, changeOrder, closeOrder, denyOrder } from './change-order.ts';
import { brokerRequestOf, lockOrder, orderReference } from './order-row.ts';

/** How long after the kill epoch was read the first byte may leave; a process that was paused must not send later. */
const SEND_DELAY_MS_MAX = 250;

export interface SenderParts {
  readonly db: Db;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly fault: FaultPoint;
  readonly sendTimeoutMs: number;
  readonly onTrouble: (account: string) => void;
}

/** Sends an order whose `send_started` is committed, and writes down what the venue said, or that it said nothing. */
export class OrderSender {
  readonly #parts: SenderParts;
  #orders = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** @param sinceMs the process's monotonic clock when the kill epoch was read. */
  async send(order: OrderRow, sinceMs: number): Promise<void> {
    const { broker, fault, sendTimeoutMs } = this.#parts;
    const number = ++this.#orders;
    fault('before_send', number);
    if (performance.now() - sinceMs > SEND_DELAY_MS_MAX) return this.#withhold(order);
    let brokerOrderId: string;
    try {
      const sent = broker.submit(order.account, brokerRequestOf(order));
      ({ brokerOrderId } = await within(sendTimeoutMs, sent));
    } catch (error) {
      return error instanceof VenueRejection ? this.#reject(order, error) : this.#loseTrack(order, error);
    }
    fault('after_send', number);
    await this.#acknowledge(order, brokerOrderId);
  }

  async #withhold(order: OrderRow): Promise<void> {
    await this.#parts.db.transaction().execute(async (trx) => {
      const sending = await lockOrder(trx, order);
      if (sending.status === 'SENDING') await denyOrder(trx, sending, { reason: 'send_delayed' }, 'withhold');
    });
  }

  async #reject(order: OrderRow, rejection: VenueRejection): Promise<void> {
    await this.#parts.db.transaction().execute(async (trx) => {
      const sending = await lockOrder(trx, order);
      if (sending.status === 'SENDING') await closeOrder(trx, sending, 'reject', rejection.message);
    });
  }

  /** No answer is no rejection: the order may be working, and the account trades no further until that is known. */
  async #loseTrack(order: OrderRow, error: unknown): Promise<void> {
    this.#parts.logger.error('the outcome of an order is unknown', { order_id: order.order_id, error });
    await this.#parts.db.transaction().execute(async (trx) => {
      const sending = await lockOrder(trx, order);
      if (sending.status !== 'SENDING') return;
      await changeOrder(trx, sending, 'lose_track', { reason: 'no_answer' });
      await trx
        .updateTable('trading.account')
        .set({ reconciled: false })
        .where('account', '=', order.account)
        .execute();
      await emitEvent(trx, {
        kind: 'order.unknown',
        subject: order.order_id,
        payload: { ...orderReference(order), reason: 'no_answer' },
      });
    });
    this.#parts.onTrouble(order.account);
  }

  /** A fill may have been told before the acknowledgement; then the state is further on already. */
  async #acknowledge(order: OrderRow, brokerOrderId: string): Promise<void> {
    await this.#parts.db.transaction().execute(async (trx) => {
      const sending = await lockOrder(trx, order);
      if (sending.status !== 'SENDING') return;
      await acknowledgeOrder(trx, sending, brokerOrderId);
    });
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the venue did not answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
