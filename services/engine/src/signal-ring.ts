import type { Signal } from '@aistock/shared';
import type { z } from 'zod';

export type RecordedSignal = z.infer<typeof Signal>;

const SIGNALS_MAX = 1_000;

/** The newest signals of this process; older ones are forgotten. */
export class SignalRing {
  readonly #signals: RecordedSignal[] = [];

  add(signal: RecordedSignal): void {
    this.#signals.push(signal);
    if (this.#signals.length > SIGNALS_MAX) this.#signals.shift();
  }

  newestFirst(): RecordedSignal[] {
    return this.#signals.toReversed();
  }
}
