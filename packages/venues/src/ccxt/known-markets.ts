import type { Exchange } from 'ccxt';
import { SourceError, type BarRequest } from '../bar-source.ts';
import type { Ask } from './ask.ts';

/** Markets are listed and delisted: what is older is asked for again. */
const MARKETS_AGE_MS_MAX = 3_600_000;
/** For an instrument that is not known, once more, but not more often than this. */
const MARKETS_AGE_MS_MIN = 60_000;

export interface KnownMarkets {
  /** Loads the markets where they are missing or old. */
  readonly load: () => Promise<void>;
  /** @throws SourceError `unknown_instrument`, `unknown_timeframe`. */
  readonly assertKnown: (request: Pick<BarRequest, 'instrument' | 'timeframe'>) => Promise<void>;
}

/** The markets of an exchange, kept in its ccxt object. */
export function knownMarkets(exchange: Exchange, nowMs: () => number, ask: Ask): KnownMarkets {
  let loadedMs = -Infinity;
  const loadOlderThan = async (ageMs: number): Promise<void> => {
    if (nowMs() - loadedMs < ageMs) return;
    // ccxt keeps a failed load and fails with it for ever, unless it is told to load again.
    await ask('loading the markets', () => exchange.loadMarkets(true));
    loadedMs = nowMs();
  };
  const load = (): Promise<void> => loadOlderThan(MARKETS_AGE_MS_MAX);
  return {
    load,
    assertKnown: async ({ instrument, timeframe }) => {
      await load();
      const isKnown = (): boolean => Object.hasOwn(exchange.markets ?? {}, instrument);
      if (!isKnown()) await loadOlderThan(MARKETS_AGE_MS_MIN);
      if (!isKnown()) {
        throw new SourceError('unknown_instrument', `${exchange.id} has no market ${instrument}`);
      }
      if (!Object.hasOwn(exchange.timeframes ?? {}, timeframe)) {
        throw new SourceError('unknown_timeframe', `${exchange.id} has no bars of ${timeframe}`);
      }
    },
  };
}
