import type { Db, OrderRow, Trx } from '@aistock/database';
import type { Logger } from '@aistock/service-kit';
import { SEND_DELAY_MS_MAX } from '@aistock/trading/orders';
import { VenueRejection, type Broker } from '../broker.ts';
import type { FaultPoint } from '../fault-point.ts';
import { acknowledgeOrder, closeOrder, denyOrder } from './change-order.ts';
import { loseTrack } from './lose-track.ts';
import { brokerRequestOf, lockOrder } from './order-row.ts';
import { within } from './within.ts';

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

  /**
   * @param order as its `send_started` was written.
   * @param sinceMs the process's monotonic clock when the kill epoch was read.
   */
  async send(order: OrderRow, sinceMs: number): Promise<void> {
    const { broker, fault, sendTimeoutMs } = this.#parts;
    const number = ++this.#orders;
    fault('before_send', number);
    if (performance.now() - sinceMs > SEND_DELAY_MS_MAX) return this.#withhold(order);
    let brokerOrderId: string;
    try {
      ({ brokerOrderId } = await within(sendTimeoutMs, (giveUp) =>
        broker.submit(order.account, brokerRequestOf(order), giveUp),
      ));
    } catch (error) {
      return error instanceof VenueRejection ? this.#reject(order, error) : this.#loseTrack(order, error);
    }
    fault('after_send', number);
    await this.#acknowledge(order, brokerOrderId);
  }

  async #withhold(order: OrderRow): Promise<void> {
    await this.#whileSending(order, (trx, sending) =>
      denyOrder(trx, sending, { reason: 'send_delayed' }, 'withhold'),
    );
  }

  async #reject(order: OrderRow, rejection: VenueRejection): Promise<void> {
    await this.#whileSending(order, (trx, sending) => closeOrder(trx, sending, 'reject', rejection.message));
  }

  /** No answer is no rejection: the order may be working, and the account trades no further until that is known. */
  async #loseTrack(order: OrderRow, error: unknown): Promise<void> {
    this.#parts.logger.error('the outcome of an order is unknown', { order_id: order.order_id, error });
    await this.#whileSending(order, (trx, sending) => loseTrack(trx, sending, 'no_answer'));
    this.#parts.onTrouble(order.account);
  }

  async #acknowledge(order: OrderRow, brokerOrderId: string): Promise<void> {
    await this.#whileSending(order, (trx, sending) => acknowledgeOrder(trx, sending, brokerOrderId));
  }

  /**
   * Changes the order where it still is in this very send. A fill may have been told before the answer, or another
   * process may have settled this send and begun the next, by another permit; then there is nothing to write down.
   */
  async #whileSending(
    order: OrderRow,
    change: (trx: Trx, sending: OrderRow) => Promise<unknown>,
  ): Promise<void> {
    await this.#parts.db.transaction().execute(async (trx) => {
      const now = await lockOrder(trx, order);
      if (now.status === 'SENDING' && now.permit_id === order.permit_id) await change(trx, now);
    });
  }
}
