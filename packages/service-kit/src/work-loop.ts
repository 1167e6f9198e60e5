import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from './logger.ts';

/** How often to look for work that others left or asked for. */
const LOOK_EVERY_MS = 2_000;

/** Does steps of work while there are any, and looks for more when it is woken and now and then. */
export class WorkLoop {
  readonly #stopping: AbortSignal;
  readonly #step: () => Promise<boolean>;
  readonly #logger: Logger;
  #woken = Promise.withResolvers<void>();
  #ended: Promise<void> = Promise.resolve();

  /** @param step whether there was something to do. */
  constructor(step: () => Promise<boolean>, logger: Logger, stopping: AbortSignal) {
    this.#step = step;
    this.#logger = logger;
    this.#stopping = stopping;
    stopping.addEventListener('abort', () => this.wake(), { once: true });
  }

  start(): void {
    this.#ended = this.#work();
  }

  /** There may be something new to do. */
  wake(): void {
    this.#woken.resolve();
  }

  /** Settles once it has stopped; never rejects. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async #work(): Promise<void> {
    while (!this.#stopping.aborted) {
      this.#woken = Promise.withResolvers();
      if (await this.#did()) continue;
      const rest = new AbortController();
      const nap = delay(LOOK_EVERY_MS, undefined, { signal: rest.signal, ref: false }).catch(() => undefined);
      await Promise.race([this.#woken.promise, nap]);
      rest.abort();
    }
  }

  async #did(): Promise<boolean> {
    try {
      return await this.#step();
    } catch (error) {
      if (!this.#stopping.aborted) this.#logger.warn('no work could be had', { error });
      return false;
    }
  }
}
