import { countExpectedBars } from '@aistock/market';
import { TRADING_SHARES, type Budget } from '@aistock/venue-budget';
import { scheduleOf } from '../quality/watched-stream.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import type { HeldRange } from './next-step.ts';

/** Bars that one request brings at most places. */
const BARS_PER_REQUEST = 1_000;
/** What an exchange counts for a request of bars, about. */
const WEIGHT_PER_REQUEST = 2;

export interface StreamPlan {
  readonly stream: string;
  readonly bars: number;
  readonly requests: number;
  readonly seconds: number | null;
}

/**
 * About what it takes to fetch what is missing of a stream between two times, Unix ms UTC. Each chunk asks for the clock
 * and then for its bars.
 */
export function planStream(
  stream: ConfiguredStream,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
  { firstMs, watermarkMs }: HeldRange,
): StreamPlan {
  const count = (fromMs: number, toMs: number): number =>
    fromMs < toMs ? countExpectedBars(fromMs, toMs, scheduleOf(stream)) : 0;
  const bars =
    firstMs === null || watermarkMs === null
      ? count(sinceMs, untilMs)
      : count(sinceMs, Math.min(firstMs, untilMs)) + count(watermarkMs + 1, untilMs);
  if (stream.fromFile) return { stream: stream.stream, bars, requests: 0, seconds: null };
  const chunks = Math.ceil(bars / stream.chunkBars);
  const requests = chunks * (1 + Math.ceil(stream.chunkBars / BARS_PER_REQUEST));
  return {
    stream: stream.stream,
    bars,
    requests,
    seconds: stream.budget ? secondsAt(stream.budget, requests) : null,
  };
}

/** The slowest of the limits decides; what a window holds may go at once. */
function secondsAt(budget: Budget, requests: number): number {
  const { data } = budget.shares ?? TRADING_SHARES;
  const perWindow = budget.windows.map(({ windowMs, weightMax }) => {
    const windows = (requests * WEIGHT_PER_REQUEST) / Math.max(1, Math.floor(weightMax * data));
    return (Math.max(0, windows - 1) * windowMs) / 1_000;
  });
  return Math.round(Math.max(...perWindow));
}
