import type { Logger } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import { setTimeout as pause } from 'node:timers/promises';
import { barCloseMs, fromWire, type MarketStream } from '../market-stream.ts';
import type { Neighbours } from '../neighbours.ts';
import type { StreamBar } from './session-run.ts';

/** How long data_ingester holds a question for the next bar. */
const WAIT_MS = 20_000;
const BARS_PER_CALL = 1_000;
/** Bars of a stream that wait to be told before no more are asked for. */
const WAITING_BARS_MAX = 5_000;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 15_000;
const FULL_PAUSE_MS = 100;

/** Closed bars of streams as they come in. */
export interface LiveBars {
  /** Bars of a stream that were not taken yet, ascending. */
  readonly waiting: (stream: string) => readonly StreamBar[];
  /** Takes the oldest bar of a stream. */
  readonly take: (stream: string) => StreamBar | undefined;
  /** Settles when bars have come in since the last call, or the time is over. */
  readonly news: (withinMs: number) => Promise<void>;
}

/**
 * Asks for the bars of each stream, again and again, until the signal ends it. A source that does not answer is asked
 * again after a pause that grows; that its bars do not come is told by their absence.
 * @param fromMs the open time from which a stream's bars are wanted.
 */
export function liveBars(
  { ingester }: Pick<Neighbours, 'ingester'>,
  streams: readonly (MarketStream & { readonly fromMs: number })[],
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): LiveBars {
  const queues = new Map(streams.map(({ id }): [string, StreamBar[]] => [id, []]));
  const queueOf = (stream: string): StreamBar[] => queues.get(stream) ?? [];
  let bell = Promise.withResolvers<void>();

  const follow = async (stream: (typeof streams)[number]): Promise<void> => {
    let { fromMs } = stream;
    let retryMs = RETRY_MS_MIN;
    while (!signal.aborted) {
      try {
        if (queueOf(stream.id).length >= WAITING_BARS_MAX) {
          await pause(FULL_PAUSE_MS, undefined, { signal });
          continue;
        }
        const { bars } = await ingester.bars({
          query: {
            stream: stream.id,
            from_ms: String(fromMs),
            wait_ms: String(WAIT_MS),
            limit: String(BARS_PER_CALL),
          },
        });
        retryMs = RETRY_MS_MIN;
        if (signal.aborted) return;
        for (const bar of bars.map(fromWire))
          queueOf(stream.id).push({ stream: stream.id, bar, closeMs: barCloseMs(stream, bar) });
        fromMs = (bars.at(-1)?.open_ms ?? fromMs - 1) + 1;
        if (bars.length > 0) bell.resolve();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof CallError)) throw error;
        logger.warn('no bars of a stream', { stream: stream.id, error });
        await pause(retryMs, undefined, { signal }).catch(() => undefined);
        retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
      }
    }
  };
  let broken: { readonly error: unknown } | undefined;
  for (const stream of streams)
    follow(stream).catch((error: unknown) => {
      if (!signal.aborted) broken = { error };
      bell.resolve();
    });

  return {
    waiting: queueOf,
    take: (stream) => queueOf(stream).shift(),
    news: async (withinMs) => {
      const over = new AbortController();
      const timer = pause(Math.max(0, withinMs), undefined, {
        signal: AbortSignal.any([over.signal, signal]),
      });
      await Promise.race([bell.promise, timer.catch(() => undefined)]);
      over.abort();
      bell = Promise.withResolvers<void>();
      if (broken) throw broken.error;
    },
  };
}
