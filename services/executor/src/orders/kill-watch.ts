import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRow } from '@aistock/database';
import { sql } from 'kysely';
import { cancelOrder, type CancelParts } from './cancel-order.ts';
import { increasingOrders, type KillInForce } from './increasing-orders.ts';
import { within } from './within.ts';

export interface KillWatchParts extends CancelParts {
  readonly intervalMs: number;
  /** How long after a kill an order in its scope may still work before it is told, in ms. */
  readonly boundMs: number;
}

/**
 * Carries out kills on what works already: cancels every order in the scope of a kill that increases risk, and goes on
 * trying. Kills are read from the database, so that they hold while risk_gate is away.
 */
export class KillWatch {
  readonly #parts: KillWatchParts;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(parts: KillWatchParts) {
    this.#parts = parts;
  }

  /** Orders that work on although a kill came longer ago than the bound, as the database has them now. */
  async overdue(): Promise<string[]> {
    const found = await this.#ordersToEnd();
    return found.filter(({ sinceMs }) => sinceMs > this.#parts.boundMs).map(({ order }) => order.order_id);
  }

  start(): void {
    this.#loop = this.#repeat();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        this.#parts.logger.error('could not carry out the kills', { error });
      }
      await delay(this.#parts.intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #round(): Promise<void> {
    const byAccount = Map.groupBy(await this.#ordersToEnd(), ({ order }) => order.account);
    await Promise.all(
      [...byAccount].map(([account, own]) =>
        this.#endAll(
          account,
          own.map(({ order }) => order),
        ),
      ),
    );
  }

  async #ordersToEnd() {
    return increasingOrders(this.#parts.db, await this.#killsInForce());
  }

  /** The venue is asked for all of them at once, so that none works on while another one's answer is waited for. */
  async #endAll(account: string, orders: readonly OrderRow[]): Promise<void> {
    const { turns, broker, cancelTimeoutMs } = this.#parts;
    await turns.run(account, () =>
      Promise.allSettled(
        orders.map(({ client_order_id: id }) => within(cancelTimeoutMs, () => broker.cancel(account, id))),
      ),
    );
    for (const order of orders) await this.#cancel(order);
  }

  async #killsInForce(): Promise<readonly KillInForce[]> {
    const { rows } = await sql<KillInForce>`
      SELECT scope, (extract(epoch FROM clock_timestamp() - killed_at) * 1000)::float8 AS "ageMs"
      FROM risk.kills_in_force()`.execute(this.#parts.db);
    return rows;
  }

  /** In our books one that is being sent, or of unknown outcome, is for a later round. */
  async #cancel(order: OrderRow): Promise<void> {
    const { logger } = this.#parts;
    if (order.status === 'SENDING' || order.status === 'UNKNOWN') return;
    logger.warn('a kill cancels an order', { order_id: order.order_id });
    await cancelOrder(this.#parts, order).catch((error: unknown) => {
      logger.error('a kill could not cancel an order', { order_id: order.order_id, error });
    });
  }
}
