import { ServiceError } from '@aistock/service-kit';

/** Runs pieces of work, at most `slots` at a time and the others in the order in which they came. */
export class WorkSlots {
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(slots: number, waitingMax: number) {
    this.#free = slots;
    this.#waitingMax = waitingMax;
  }

  /** @throws ServiceError 503 `ingest_busy` where too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  async #take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= this.#waitingMax)
      throw new ServiceError('ingest_busy', 503, 'too many streams wait to be worked on; try again later');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A slot goes straight to the next in line, so that nobody can overtake. */
  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
