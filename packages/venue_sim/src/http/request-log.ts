import type { Venue } from '../markets/sim-market.ts';
import type { Kind } from '../misbehaviour/misbehaviour.ts';
import type { Outcome } from './decide-outcome.ts';

const KEPT_MAX = 10_000;

/** A request to a venue, and what became of it. */
export interface RequestRecord {
  readonly venue: Venue;
  /** Path and query. */
  readonly url: string;
  /** 0 where there was no answer. */
  readonly status: number;
  /** What the venue did wrong to the request as a whole. */
  readonly misbehaviour: Kind | undefined;
}

/** The newest requests, and whether the simulator itself failed. */
export class RequestLog {
  #kept: RequestRecord[] = [];
  #total = 0;
  #failure: unknown;

  note(venue: Venue, url: string, outcome: Outcome): void {
    const status = outcome.act === 'answer' ? outcome.answer.status : 0;
    this.#kept.push({ venue, url, status, misbehaviour: outcome.kind });
    this.#total++;
    if (this.#kept.length >= KEPT_MAX * 2) this.#kept = this.#kept.slice(-KEPT_MAX);
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** At most the newest 10,000, oldest first. */
  requests(): readonly RequestRecord[] {
    return this.#kept.slice(-KEPT_MAX);
  }

  total(): number {
    return this.#total;
  }

  /** The first error of the simulator's own, which closed a connection; undefined where there was none. */
  failure(): unknown {
    return this.#failure;
  }
}
