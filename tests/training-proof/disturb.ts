import { setTimeout as delay } from 'node:timers/promises';
import { chanceAt, pickAt } from '@aistock/shared';
import { freezeUntilTakenOver, type Hit, type Span, until } from './freeze.ts';
import type { ProofStack } from './proof-stack.ts';
import type { ProofTerms } from './proof-terms.ts';
import { medianRunMs, runningRun } from './trained-line.ts';

const SHARE_LANE = 3_001;
const MOMENT_LANE = 3_002;
const VICTIM_LANE = 3_003;
/** Later ones might find nothing left to train. */
const LAST_SHARE = 0.8;
/** What a run takes until one was measured. */
const RUN_MS_START = 500;
/** A little is left for the moments right after a run. */
const MOMENT_SPREAD = 1.1;
/** From the last bar read until a model of a few hundred bars is committed. */
const FIT_MS = 300;
const BEGIN_MS_MAX = 10_000;

/** What was done to the replicas of ml_service. */
export interface Disturbed {
  /** How often a kill came right after a run, and hit nobody who worked. */
  readonly killedIdle: number;
  /** How often one hit a run before it had read any bar, and afterwards. */
  readonly killedUnread: number;
  readonly killedRead: number;
  /** Processes that were stopped in a run until another one had ended it, and then went on. */
  readonly freezes: number;
  /** Those that said afterwards that they gave it up. */
  readonly gaveUp: number;
  /** From when such a process went on until it said so, Unix ms. */
  readonly unaware: readonly Span[];
}

/** Kills and stops replicas at random moments of runs, spread at random over a line. */
export class Disturbance {
  readonly #stack: ProofStack;
  readonly #stream: string;
  readonly #terms: ProofTerms;
  /** Shares of the line at which something is due, ascending. */
  readonly #due: { readonly share: number; readonly freeze: boolean }[];
  readonly #unaware: Span[] = [];
  #moments = 0;
  #killedIdle = 0;
  #killedUnread = 0;
  #killedRead = 0;
  #freezes = 0;
  #gaveUp = 0;

  constructor(stack: ProofStack, stream: string, terms: ProofTerms) {
    this.#stack = stack;
    this.#stream = stream;
    this.#terms = terms;
    this.#due = Array.from({ length: terms.kills + terms.freezes }, (_, index) => ({
      share: LAST_SHARE * chanceAt(terms.seed, SHARE_LANE, index),
      freeze: index >= terms.kills,
    })).toSorted((a, b) => a.share - b.share);
  }

  get disturbed(): Disturbed {
    return {
      killedIdle: this.#killedIdle,
      killedUnread: this.#killedUnread,
      killedRead: this.#killedRead,
      freezes: this.#freezes,
      gaveUp: this.#gaveUp,
      unaware: this.#unaware,
    };
  }

  /** Once runs were asked for: what is due now happens at a random moment of them. */
  async strike(share: number): Promise<void> {
    const next = this.#due[0];
    if (!next || next.share > share) return;
    const { db } = this.#stack;
    const readBefore = this.#readings;
    const runMs = (await medianRunMs(db, this.#stream)) ?? RUN_MS_START;
    await until(async () => (await runningRun(db, this.#stream)) !== undefined, BEGIN_MS_MAX);
    const chance = chanceAt(this.#terms.seed, MOMENT_LANE, this.#moments);
    // A run takes most of its time until it has read its bars: every other moment is counted from then on.
    if (this.#moments++ % 2 === 0) await delay(MOMENT_SPREAD * runMs * chance);
    else if (await until(async () => this.#readings > readBefore, BEGIN_MS_MAX)) await delay(FIT_MS * chance);
    const hit = await this.#working();
    if (!next.freeze) await this.#kill(hit, readBefore);
    // What came right after a run still has to happen in one.
    if (hit && (!next.freeze || (await this.#freeze(hit)))) this.#due.shift();
  }

  get #readings(): number {
    return this.#stack.proxy.readings.filter(({ stream }) => stream === this.#stream).length;
  }

  /** The run under way, and the replica that works on it. */
  async #working(): Promise<Hit | undefined> {
    const run = await runningRun(this.#stack.db, this.#stream);
    const replica = this.#stack.replicas.find(({ pid }) => run?.claimed_by?.includes(`:${pid}:`));
    return run && replica && { run, replica };
  }

  /** Whoever works on a run; where nobody does, any of them. */
  async #kill(hit: Hit | undefined, readBefore: number): Promise<void> {
    const { replicas } = this.#stack;
    const any = pickAt(replicas.length, this.#terms.seed, VICTIM_LANE, this.#moments);
    const victim = hit?.replica ?? replicas[any]!;
    await victim.kill();
    if (!hit) this.#killedIdle++;
    else if (this.#readings > readBefore) this.#killedRead++;
    else this.#killedUnread++;
    await victim.start();
  }

  /** Says whether the run was taken over meanwhile; where it had just ended, another one has to be found. */
  async #freeze(hit: Hit): Promise<boolean> {
    const taken = await freezeUntilTakenOver(this.#stack.db, hit);
    if (!taken) return false;
    this.#freezes++;
    if (taken.gaveUp) this.#gaveUp++;
    this.#unaware.push(taken.unaware);
    return true;
  }
}
