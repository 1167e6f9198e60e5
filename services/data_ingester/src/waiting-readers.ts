import type { Db } from '@aistock/database';
import { ServiceError, type Logger, type StopHook } from '@aistock/service-kit';

/** Calls of GET /bars that may wait at a time; each is an open connection. */
const WAITING_MAX = 256;
/** How often the ledger is asked for bars that another process registered, while somebody waits, in ms. */
const LOOK_EVERY_MS = 1_000;

/** Callers that wait for the next bar of a stream. */
export interface WaitingReaders {
  /** Wakes those who wait for the stream; never fails. */
  readonly registered: (stream: string) => void;
  /**
   * Reads, and where there is nothing yet, reads again each time that bars of the stream are registered, until there is
   * something, the time is over, or the signal ends it.
   * @throws ServiceError 503 `readers_waiting_max` where too many wait already; what aborted the signal.
   */
  readonly read: <T>(stream: string, wait: Wait<T>) => Promise<T>;
  readonly stopHook: StopHook;
}

export interface Wait<T> {
  readonly read: () => Promise<T>;
  readonly isEmpty: (answer: T) => boolean;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Bars that this process registers wake at once; those of another one are found in the ledger. */
export function waitingReaders(db: Db, logger: Logger): WaitingReaders {
  const bells = new Map<string, Set<() => void>>();
  const seen = new Map<string, number>();
  let waiting = 0;

  const registered = (stream: string): void => {
    for (const ring of bells.get(stream) ?? []) ring();
  };
  const look = async (): Promise<void> => {
    try {
      for (const { stream, open_at: at } of await watermarks(db, [...bells.keys()])) {
        const before = seen.get(stream);
        seen.set(stream, at.getTime());
        if (before !== at.getTime()) registered(stream);
      }
    } catch (error) {
      logger.warn('the ledger was not asked for new bars', { error });
    }
  };
  const looking = setInterval(() => void (bells.size > 0 && look()), LOOK_EVERY_MS);
  looking.unref();

  return {
    registered,
    read: async (stream, wait) => {
      if (waiting >= WAITING_MAX)
        throw new ServiceError('readers_waiting_max', 503, `${WAITING_MAX} readers wait for bars already`, {
          headers: { 'retry-after': '1' },
        });
      waiting++;
      const bell = newBell(bells, stream);
      try {
        return await readUntilThere(wait, bell);
      } finally {
        waiting--;
        bell.remove();
        if (!bells.has(stream)) seen.delete(stream);
      }
    },
    stopHook: { name: 'waiting readers', run: () => Promise.resolve(clearInterval(looking)) },
  };
}

interface Bell {
  /** Settles once it has rung since the last call; a ring that nobody waited for is kept. */
  readonly rung: () => Promise<void>;
  readonly remove: () => void;
}

function newBell(bells: Map<string, Set<() => void>>, stream: string): Bell {
  let next = Promise.withResolvers<void>();
  const ring = (): void => next.resolve();
  const all = bells.get(stream) ?? new Set();
  bells.set(stream, all.add(ring));
  return {
    rung: async () => {
      await next.promise;
      next = Promise.withResolvers<void>();
    },
    remove: () => {
      all.delete(ring);
      if (all.size === 0) bells.delete(stream);
    },
  };
}

async function readUntilThere<T>({ read, isEmpty, waitMs, signal }: Wait<T>, bell: Bell): Promise<T> {
  const over = Promise.withResolvers<'over'>();
  over.promise.catch(() => undefined); // it may be aborted while it reads, when nobody waits for this
  const timer = setTimeout(() => over.resolve('over'), waitMs);
  const abort = (): void => over.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    for (;;) {
      const answer = await read();
      if (!isEmpty(answer) || (await Promise.race([bell.rung(), over.promise])) === 'over') return answer;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function watermarks(db: Db, streams: readonly string[]) {
  return db
    .selectFrom('ledger.watermark')
    .select(['stream', 'open_at'])
    .where('stream', 'in', [...streams])
    .execute();
}
