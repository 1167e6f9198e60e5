import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError, type Logger } from '@aistock/service-kit';
import type { RegistrySnapshot } from './snapshot.ts';

/** No answer rests on a registry that was read longer ago. */
const AGE_MS_MAX = 2_000;
/** How often it is read where nothing is heard. */
const POLL_MS = 1_000;
const READ_MS_MAX = 1_500;
/** Until a model that comes answers, the one before does; but no longer than this. */
const PREPARE_MS_MAX = 500;

export interface WatchOptions {
  readonly read: () => Promise<RegistrySnapshot>;
  /** Makes the models of a registry ready before anybody is answered by it. Never rejects. */
  readonly prepare: (next: RegistrySnapshot) => Promise<void>;
  readonly logger: Logger;
  /** A clock that is never set, in ms. */
  readonly nowMs: () => number;
}

/**
 * The registry in memory. It is read again when something is heard of it and every second, so that a change is seen by every
 * process within two; what cannot be read for so long answers nobody.
 */
export class RegistryWatch {
  readonly #options: WatchOptions;
  readonly #stopping = new AbortController();
  #snapshot: RegistrySnapshot | undefined;
  /** When the read of the snapshot began. */
  #asOfMs = -Infinity;
  #running: Promise<RegistrySnapshot> | undefined;
  #next: Promise<RegistrySnapshot> | undefined;
  #polling: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#polling = this.#poll();
  }

  /** Reads because something was heard; what goes wrong is told in the log. */
  hear(): void {
    this.refresh().catch((error: unknown) => this.#warn(error));
  }

  /** The registry, at most two seconds old. @throws ServiceError `registry_unreachable`. */
  async current(): Promise<RegistrySnapshot> {
    if (this.#snapshot && this.#options.nowMs() - this.#asOfMs <= AGE_MS_MAX) return this.#snapshot;
    return this.refresh();
  }

  /** The registry as it is now, read after this was asked. @throws ServiceError `registry_unreachable`. */
  refresh(): Promise<RegistrySnapshot> {
    this.#next ??= this.#readNext(this.#running);
    return this.#next;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
    await this.#running?.catch(() => undefined);
  }

  async #readNext(running: Promise<unknown> | undefined): Promise<RegistrySnapshot> {
    // A read that runs began before this was asked: it may have missed what is to be seen.
    await (running ?? Promise.resolve()).catch(() => undefined);
    this.#next = undefined;
    const mine = this.#read();
    this.#running = mine;
    try {
      return await mine;
    } finally {
      if (this.#running === mine) this.#running = undefined;
    }
  }

  async #read(): Promise<RegistrySnapshot> {
    const { read, prepare, nowMs } = this.#options;
    const asOfMs = nowMs();
    const next = await within(read(), READ_MS_MAX);
    await orAfter(prepare(next), PREPARE_MS_MAX, () => undefined);
    this.#snapshot = next;
    this.#asOfMs = asOfMs;
    return next;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.refresh().catch((error: unknown) => this.#warn(error));
      await delay(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  #warn(error: unknown): void {
    if (!this.#stopping.signal.aborted)
      this.#options.logger.warn('the registry of models could not be read', { error });
  }
}

async function within(read: Promise<RegistrySnapshot>, timeoutMs: number): Promise<RegistrySnapshot> {
  try {
    return await orAfter(read, timeoutMs, () => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    });
  } catch (error) {
    const detail = 'which models answer cannot be read from the database at the moment';
    throw new ServiceError('registry_unreachable', 503, detail, { cause: error });
  }
}

/** What work gives, or what is to be said where it takes too long; then it goes on by itself. */
async function orAfter<T, Late>(work: Promise<T>, timeoutMs: number, late: () => Late): Promise<T | Late> {
  const rest = new AbortController();
  try {
    return await Promise.race([work, delay(timeoutMs, undefined, { signal: rest.signal }).then(late)]);
  } finally {
    rest.abort();
  }
}
