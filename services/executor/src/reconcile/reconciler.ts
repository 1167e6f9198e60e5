import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@aistock/service-kit';
import type { AccountTurns } from '../account-turns.ts';
import type { OrderPlacer } from '../orders/place-order.ts';
import { reconcileAccount, type AccountResult, type ReconcileParts } from './reconcile-account.ts';

/** Pause before the next round while an account is not green, in ms; never longer than the plain interval. */
const RETRY_MS = 500;
/** Between two rounds in any case, in ms: trouble that comes back at once must not become a storm of sends. */
const ROUND_GAP_MS = 100;

export interface ReconcilerParts extends Omit<ReconcileParts, 'isPlacing'> {
  readonly logger: Logger;
  readonly turns: AccountTurns;
  readonly intervalMs: number;
  /** Told whenever it becomes known, or unknown, that every account is equal. */
  readonly onGreen: (allGreen: boolean) => void;
}

/**
 * Compares the books with the venue's at the start, after trouble and at an interval. An account is green once this
 * process has found no difference: what an earlier process found does not count.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #placer: () => OrderPlacer;
  readonly #green = new Set<string>();
  /** Accounts with trouble that no comparison has begun after. */
  readonly #troubled = new Set<string>();
  readonly #stopping = new AbortController();
  #soon = new AbortController();
  #loop: Promise<void> | undefined;
  #allGreen = false;

  /** @param placer given late, since it asks this for the accounts that are green. */
  constructor(parts: ReconcilerParts, placer: () => OrderPlacer) {
    this.#parts = parts;
    this.#placer = placer;
  }

  isGreen(account: string): boolean {
    return this.#green.has(account);
  }

  /** Whether the last round found every account equal. */
  get allGreen(): boolean {
    return this.#allGreen;
  }

  /** Something went wrong with an account: it is compared again at once, and sends nothing before. */
  nudge(account: string): void {
    this.#troubled.add(account);
    this.#green.delete(account);
    this.#setAllGreen(false);
    this.#soon.abort();
  }

  #setAllGreen(allGreen: boolean): void {
    this.#allGreen = allGreen;
    this.#parts.onGreen(allGreen);
  }

  /**
   * Reconciles all accounts, then sends on what a crash left pending in those that are green. One that cannot be
   * compared does not keep the others from it.
   * @throws the first error, once all have been tried.
   */
  async runAll(): Promise<AccountResult[]> {
    this.#setAllGreen(false);
    const accounts = await this.#parts.db.selectFrom('trading.account').select('account').execute();
    const results: AccountResult[] = [];
    const errors: unknown[] = [];
    for (const { account } of accounts) {
      try {
        results.push(await this.runAccount(account));
      } catch (error) {
        errors.push(error);
      }
    }
    this.#setAllGreen(accounts.every(({ account }) => this.#green.has(account)));
    if (errors.length > 0) throw errors[0];
    return results;
  }

  async runAccount(account: string): Promise<AccountResult> {
    const { turns, logger } = this.#parts;
    const isPlacing = (orderId: string): boolean => this.#placer().isPlacing(orderId);
    try {
      const result = await turns.run(account, () => {
        this.#troubled.delete(account);
        return reconcileAccount({ ...this.#parts, isPlacing }, account);
      });
      if (!result.reconciled) {
        this.#green.delete(account);
        logger.error('the books differ from the venue', { account, differences: result.differences });
      } else if (!this.#troubled.has(account)) {
        this.#green.add(account);
        await this.#placePending(account);
      }
      return result;
    } catch (error) {
      this.#green.delete(account);
      throw error;
    }
  }

  /** Starts the rounds. The first one has been tried when this answers, so that a healthy start is green. */
  async start(): Promise<void> {
    await this.#round();
    this.#loop = this.#repeat();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#soon.abort();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const pauseMs = this.#allGreen ? this.#parts.intervalMs : Math.min(RETRY_MS, this.#parts.intervalMs);
      await pause(ROUND_GAP_MS, signal);
      await pause(pauseMs, this.#soon.signal); // a nudge ends it
      this.#soon = new AbortController();
      if (!signal.aborted) await this.#round();
    }
  }

  async #round(): Promise<void> {
    try {
      await this.runAll();
    } catch (error) {
      this.#parts.logger.error('could not reconcile', { error });
    }
  }

  /** Intents that were on disk and went nowhere; each is judged by the gate as if it had just come. */
  async #placePending(account: string): Promise<void> {
    const orders = await this.#parts.db
      .selectFrom('trading.orders')
      .selectAll()
      .where('account', '=', account)
      .where('status', '=', 'PENDING')
      .where('parent_order_id', 'is', null) // an exit waits for its entry
      .orderBy('created_at')
      .execute();
    for (const order of orders) await this.#placer().place(order);
  }
}

/** Ends early where the signal is given. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal }).catch(() => undefined);
}
