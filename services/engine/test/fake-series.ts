import type { Bar } from '@aistock/market';

const DAY_MS = 86_400_000;
export const FIRST_OPEN_MS = Date.UTC(2020, 0, 1);
export const STREAM = 'csv:FAKE:1d';
export const INSTRUMENT = 'FAKE';

const priceOn = (day: number): number => 100 + 15 * Math.sin(day / 5) + 4 * Math.sin(day * 1.7);

/** Daily bars of a price that swings, the same at every call: trends long enough to be entered and left. */
export function fakeBars(count: number): Bar[] {
  return Array.from({ length: count }, (_, day) => {
    const open = priceOn(day);
    const close = priceOn(day + 0.9);
    return {
      openMs: FIRST_OPEN_MS + day * DAY_MS,
      open: open.toFixed(2),
      high: (Math.max(open, close) + 1).toFixed(2),
      low: (Math.min(open, close) - 1).toFixed(2),
      close: close.toFixed(2),
      volume: '1000',
    };
  });
}

export const closeOf = (bar: Bar): number => bar.openMs + DAY_MS;
export const dayMs = (day: number): number => FIRST_OPEN_MS + day * DAY_MS;
