import { TIMEFRAME_MS, type Timeframe } from '@aistock/market';

/** Small, so that one bad answer spoils little. */
const WINDOW_BARS = 1_000;

/** Half open, Unix ms UTC. */
export interface RecheckWindow {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** The last days before a time, cut into windows of a thousand bars at most, oldest first. */
export function recheckWindows(nowMs: number, days: number, timeframe: Timeframe): RecheckWindow[] {
  const stepMs = WINDOW_BARS * TIMEFRAME_MS[timeframe];
  const windows: RecheckWindow[] = [];
  for (let fromMs = Math.max(0, nowMs - days * TIMEFRAME_MS['1d']); fromMs < nowMs; fromMs += stepMs)
    windows.push({ from_ms: fromMs, to_ms: Math.min(fromMs + stepMs, nowMs) });
  return windows;
}
