import type { MisbehaviourTerms } from '@aistock/venue_sim';

export interface ProofTerms {
  /** One-minute bars of the stream. */
  readonly bars: number;
  /** How often the ingester is killed with -9. */
  readonly kills: number;
  readonly seed: number;
  /** Rows of one file. */
  readonly chunkBars: number;
}

export const START_MS = Date.UTC(2020, 0, 1);
export const MINUTE_MS = 60_000;
export const MARKET = 'binance:BTC/USDT:1m';
/** The same as the ingester calls it. */
export const STREAM = 'sim:BTC/USDT:1m';

/** The venue's clock stands still in this many places, each somewhere inside of a bar that forms. */
const HALTS = 5;

/** Where the venue's clock stands, one after the other, Unix ms; the last one is behind the last bar. */
export function clockHalts({ bars }: ProofTerms): number[] {
  return Array.from({ length: HALTS }, (_each, index) => {
    const minutes = Math.floor((bars * (index + 1)) / HALTS);
    return START_MS + (index === HALTS - 1 ? minutes : minutes - 0.5) * MINUTE_MS;
  });
}

/** The venue's clock once it has told its last word on every bar: none changes any more, and those that were late are there. */
export function settledMs({ bars }: ProofTerms): number {
  return START_MS + 2 * bars * MINUTE_MS;
}

/**
 * Every way in which the venue can misbehave, for as long as bars are taken: each by chance, and those of requests and
 * pages once for certain.
 */
export function misbehaviours({ seed, bars }: ProofTerms): MisbehaviourTerms[] {
  const byChance: MisbehaviourTerms[] = [
    { kind: 'rate_limit', rate: 0.02, seed, retryAfterS: 0 },
    { kind: 'ban', rate: 0.02, count: 2, seed: seed + 1, retryAfterS: 1 },
    { kind: 'server_error', rate: 0.02, seed: seed + 2 },
    { kind: 'timeout', rate: 0.01, count: 50, seed: seed + 3 },
    { kind: 'truncated_json', rate: 0.01, seed: seed + 4 },
    { kind: 'reset', rate: 0.02, seed: seed + 5 },
    { kind: 'clock_skew', rate: 0.02, seed: seed + 6, skewMs: -90_000 },
    { kind: 'clock_skew', rate: 0.02, seed: seed + 7, skewMs: 150_000 },
    { kind: 'page_twice', rate: 0.03, seed: seed + 8 },
    { kind: 'earliest_bars', rate: 0.03, seed: seed + 9 },
    { kind: 'wrong_order', rate: 0.03, seed: seed + 10 },
    { kind: 'overlap', rate: 0.05, seed: seed + 11, bars: 25 },
  ];
  const once: MisbehaviourTerms[] = byChance.map((rule) => ({ ...rule, rate: 0.3, count: 1 }));
  return [
    ...byChance,
    ...once,
    { kind: 'last_bar_changes', rate: 1, seed, forMs: 2 * MINUTE_MS },
    { kind: 'missing_bar', rate: 0.0005, seed },
    { kind: 'missing_bar', rate: 0.001, seed: seed + 1, forMs: Math.ceil(bars / 10) * MINUTE_MS },
    { kind: 'restated_bar', rate: 0.001, seed, afterMs: Math.ceil(bars / 4) * MINUTE_MS },
  ];
}
