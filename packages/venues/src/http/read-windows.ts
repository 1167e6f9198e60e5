import type { Bar } from '@aistock/market';
import type { BarRequest, UnservedRange } from '../bar-source.ts';

/** Requests that one call may make: more than a source's whole history has windows. */
const WINDOWS_MAX = 50;

export interface Windows {
  /** The longest range that one request may cover, in ms. */
  readonly windowMs: number;
  /** How far back from now there are bars, in ms. */
  readonly historyMs: number;
}

export interface WindowsRead {
  readonly bars: readonly Bar[];
  readonly more: boolean;
  readonly unserved: readonly UnservedRange[];
}

/**
 * Asks a source that wants both ends of a range for one range after the other, until there are bars. What is older than
 * its history is not asked for, and told as unserved.
 * @param read - gives the bars of [fromMs, toMs), and may give more around them.
 */
export async function readWindows(
  range: { readonly sinceMs: number; readonly nowMs: number; readonly limit: BarRequest['limit'] },
  { windowMs, historyMs }: Windows,
  read: (fromMs: number, toMs: number) => Promise<readonly Bar[]>,
): Promise<WindowsRead> {
  const { sinceMs, nowMs, limit } = range;
  const servedMs = Math.max(sinceMs, nowMs - historyMs);
  let fromMs = servedMs;
  let found: readonly Bar[] = [];
  for (let window = 0; window < WINDOWS_MAX && fromMs < nowMs && found.length === 0; window++) {
    const toMs = Math.min(nowMs, fromMs + windowMs);
    found = (await read(fromMs, toMs)).filter((bar) => bar.openMs >= sinceMs);
    fromMs = toMs;
  }
  const bars = found.slice(0, limit);
  return {
    bars,
    more: fromMs < nowMs || bars.length < found.length,
    unserved:
      sinceMs < servedMs ? [{ fromMs: sinceMs, toMs: servedMs, why: 'the source keeps no older bars' }] : [],
  };
}
