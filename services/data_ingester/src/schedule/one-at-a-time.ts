/** Less than a service gives to each thing that it stops. */
const STOP_GRACE_MS = 1_500;

/**
 * Runs work when it is told to, never twice at a time. However often it is told while a run is under way, one more run
 * follows.
 */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #again = false;

  /** @param work - must not reject. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  trigger(): void {
    if (this.#running) this.#again = true;
    else this.#running = this.#run();
  }

  /** Settles when nothing runs; what was told to follow does not. */
  async drain(): Promise<void> {
    this.#again = false;
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      await this.#work();
    } while (this.#again);
    this.#running = undefined;
  }
}

/** Settles when none of them runs, or when a stop cannot wait for them any longer. */
export async function drainAll(runs: readonly OneAtATime[]): Promise<void> {
  const late = AbortSignal.timeout(STOP_GRACE_MS);
  const over = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
  await Promise.race([Promise.all(runs.map((each) => each.drain())), over]);
}
