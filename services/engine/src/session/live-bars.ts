import type { Bar } from '@aistock/market';
import type { Clock, Logger } from '@aistock/service-kit';
import { CallError, type Bar as WireBar } from '@aistock/shared';
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
/** How much earlier than here a bar may have closed at data_ingester, in ms: two clocks are never quite the same. */
const CLOCK_SKEW_MS = 1_000;

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
 * again after a pause that grows, and so is one whose answer makes no sense; that its bars do not come is told by their
 * absence.
 * @param fromMs the open time from which a stream's bars are wanted.
 */
export function liveBars(
  { ingester }: Pick<Neighbours, 'ingester'>,
  streams: readonly (MarketStream & { readonly fromMs: number })[],
  { signal, clock, logger }: { readonly signal: AbortSignal; readonly clock: Clock; readonly logger: Logger },
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
        const query = {
          stream: stream.id,
          from_ms: String(fromMs),
          wait_ms: String(WAIT_MS),
          limit: String(BARS_PER_CALL),
        };
        const { bars } = await ingester.bars({ query }, { signal });
        if (signal.aborted) return;
        const sound = soundBars(stream, bars, { fromMs, untilMs: clock.nowMs() });
        queueOf(stream.id).push(...sound);
        fromMs = (sound.at(-1)?.bar.openMs ?? fromMs - 1) + 1;
        if (sound.length > 0) bell.resolve();
        if (sound.length < bars.length)
          throw new UnsoundBars(
            `bar ${bars[sound.length]!.open_ms} of ${stream.id} is none to be decided on`,
          );
        retryMs = RETRY_MS_MIN;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof CallError || error instanceof UnsoundBars)) throw error;
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

/** An answer of data_ingester that cannot be: its bars wait until it makes sense, and nothing is decided on them. */
class UnsoundBars extends Error {
  override readonly name = 'UnsoundBars';
}

/**
 * The bars of an answer up to the first that cannot be: one that does not come after those of before, that no bar of its
 * timeframe opens at, or that has not closed yet by the clock of this process.
 */
function soundBars(
  stream: MarketStream,
  bars: readonly WireBar[],
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): StreamBar[] {
  const sound: StreamBar[] = [];
  let afterMs = fromMs - 1;
  for (const bar of bars.map(fromWire)) {
    if (!(bar.openMs > afterMs)) break;
    const closeMs = closeOf(stream, bar);
    if (closeMs === undefined || closeMs > untilMs + CLOCK_SKEW_MS) break;
    sound.push({ stream: stream.id, bar, closeMs });
    afterMs = bar.openMs;
  }
  return sound;
}

/** Undefined where the calendar has no such bar. */
function closeOf(stream: MarketStream, bar: Bar): number | undefined {
  try {
    return barCloseMs(stream, bar);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
