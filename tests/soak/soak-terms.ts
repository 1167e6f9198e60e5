import type { Series } from '../ingest-proof/compare.ts';
import { MINUTE_MS } from '../ingest-proof/proof-terms.ts';

export interface SoakTerms {
  /** How long the venue's clock runs, in real time. */
  readonly seconds: number;
  /** One-minute series that are ingested side by side. */
  readonly streams: number;
  readonly seed: number;
}

/** A minute of the venue is a second here: each second a bar of each stream closes. */
export const CLOCK_RATE = 60;
/** Bars that are there when the clock starts. */
export const HISTORY_BARS = 60;

/** What each stream has in the end. */
export function barsPerStream({ seconds }: SoakTerms): number {
  return HISTORY_BARS + (seconds * 1_000 * CLOCK_RATE) / MINUTE_MS;
}

/**
 * Where each series begins, Unix ms: so that the venue's clock, which runs faster than ours, does not overtake it.
 * @param nowMs - our clock.
 */
export function seriesStartMs(terms: SoakTerms, nowMs: number): number {
  return (Math.floor(nowMs / MINUTE_MS) - barsPerStream(terms)) * MINUTE_MS;
}

export function instrumentsOf({ streams }: SoakTerms): string[] {
  return Array.from({ length: streams }, (_each, index) => `COIN${index + 1}/USDT`);
}

export function seriesOf(instrument: string): Series {
  return { market: `binance:${instrument}:1m`, stream: `sim:${instrument}:1m` };
}

/** What the ingester is told: to ask every second for all of them. */
export function sourcesFile(terms: SoakTerms, simUrl: string, startMs: number): string {
  return `sources:
  sim: { kind: ccxt, exchange: binance, origin: '${simUrl}' }
streams:
  - sources: [sim]
    instruments: [${instrumentsOf(terms).join(', ')}]
    timeframes: [1m]
    start: ${startMs}
    chunk_bars: 10000
    schedule: { cron: '* * * * * *' }
`;
}
