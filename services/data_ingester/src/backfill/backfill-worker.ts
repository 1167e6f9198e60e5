import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import type { Logger, StopHook } from '@aistock/service-kit';
import type { Ingester } from '../ingester.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { claimStreams, LEASE_MS, renewClaim, type BackfillClaim } from './backfill-claim.ts';
import { runStream } from './run-stream.ts';

/** Streams that one process backfills side by side; it has room for others besides. */
const STREAMS_AT_A_TIME = 4;
/** Claimed at a time, with those that rest after a failure and keep no others from their turn meanwhile. */
const CLAIMS_MAX = 32;
/** How often to look for work that others left or asked for. */
const LOOK_EVERY_MS = 5_000;
const RENEW_EVERY_MS = LEASE_MS / 3;
/** Less than a service gives to each thing that it stops. */
const STOP_GRACE_MS = 1_500;

export interface BackfillOptions {
  readonly db: Db;
  readonly ingester: Ingester;
  readonly streams: readonly ConfiguredStream[];
  readonly logger: Logger;
  /** Unique to this start of this process. */
  readonly id: string;
}

/** Works on backfills, whoever asked for them, also on those that a crash or a restart interrupted. */
export class BackfillWorker {
  readonly #options: BackfillOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #resting = 0;
  #woken = Promise.withResolvers<void>();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: BackfillOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#work();
  }

  /** There is something new to do. */
  wake(): void {
    this.#woken.resolve();
  }

  /** Gives back what it works on, after the chunk that is under way; where that takes long, its claim runs out instead. */
  stopHook(): StopHook {
    return {
      name: 'backfill',
      run: async () => {
        this.#stopping.abort();
        this.wake();
        const ended = Promise.all([this.#loop, ...this.#running]);
        await Promise.race([ended, delay(STOP_GRACE_MS, undefined, { ref: false })]);
      },
    };
  }

  async #work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#woken = Promise.withResolvers();
      try {
        for (const claim of await this.#claim()) this.#begin(claim);
      } catch (error) {
        this.#options.logger.warn('no backfill could be claimed', { error });
      }
      const rest = new AbortController();
      const nap = delay(LOOK_EVERY_MS, undefined, { signal: rest.signal, ref: false }).catch(() => undefined);
      await Promise.race([this.#woken.promise, nap]);
      rest.abort();
    }
  }

  async #claim(): Promise<BackfillClaim[]> {
    const { db, streams, id } = this.#options;
    const held = this.#running.size;
    const limit = Math.min(STREAMS_AT_A_TIME - (held - this.#resting), CLAIMS_MAX - held);
    if (limit <= 0) return [];
    const claimer = `data_ingester@${hostname()}:${process.pid}:${id}`;
    return claimStreams(db, { claimer, streams: streams.map(({ stream }) => stream), limit });
  }

  #begin(claim: BackfillClaim): void {
    const run = this.#run(claim).finally(() => {
      this.#running.delete(run);
      this.wake();
    });
    this.#running.add(run);
  }

  /** Others may begin meanwhile. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    this.#resting++;
    this.wake();
    await delay(ms, undefined, { signal }).catch(() => undefined);
    this.#resting--;
  }

  /** Never rejects. A claim that could not be finished runs out, and is taken up again. */
  async #run(claim: BackfillClaim): Promise<void> {
    const { db, ingester, streams, logger } = this.#options;
    const about = { stream: claim.stream, backfill_id: claim.backfillId };
    const lost = new AbortController();
    const renew = async (): Promise<void> => {
      try {
        if (!(await renewClaim(db, claim))) lost.abort();
      } catch (error) {
        logger.warn('the claim on a backfill could not be renewed', { ...about, error });
      }
    };
    const heartbeat = setInterval(() => void renew(), RENEW_EVERY_MS);
    try {
      const stream = streams.find((each) => each.stream === claim.stream);
      if (stream === undefined) throw new Error(`${claim.stream} is not configured`);
      const signal = AbortSignal.any([this.#stopping.signal, lost.signal]);
      const sleep = (ms: number): Promise<void> => this.#rest(ms, signal);
      await runStream({ db, ingester, sleep, logger }, stream, claim, signal);
    } catch (error) {
      logger.error('the backfill of a stream was interrupted', { ...about, error });
    } finally {
      clearInterval(heartbeat);
    }
  }
}
