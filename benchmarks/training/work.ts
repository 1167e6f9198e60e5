const MINUTE_MS = 60_000;
const DAY_BARS = 1_440;
const INSTRUMENTS = 10;
const FIRST_OPEN_MS = Date.UTC(2026, 0, 1);

/** Sixty days of minutes. */
export const BARS = 60 * DAY_BARS;
export const INSTRUMENT_NAMES: readonly string[] = Array.from(
  { length: INSTRUMENTS },
  (_, index) => `MADE${index}/USDT`,
);
export const streamOf = (instrument: string): string => `made:${instrument}:1m`;
export const STREAMS: readonly string[] = INSTRUMENT_NAMES.map(streamOf);

/** When a bar opens, Unix ms UTC. */
export const openMsOf = (bar: number): number => FIRST_OPEN_MS + bar * MINUTE_MS;

/** The first bar that opens at a time or after it; as many as there are where none does. */
export const firstBarFrom = (ms: number): number =>
  Math.min(BARS, Math.max(0, Math.ceil((ms - FIRST_OPEN_MS) / MINUTE_MS)));
