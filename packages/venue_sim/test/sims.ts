import { generatedSeries } from '../src/series/generated-series.ts';
import { startVenueSim, type VenueSim, type VenueSimOptions } from '../src/start-venue-sim.ts';
import { venueClock, type VenueClock } from '../src/clock.ts';
import type { MarketTerms, Venue } from '../src/markets/sim-market.ts';

export const START_MS = Date.UTC(2024, 0, 2);
export const MINUTE_MS = 60_000;

/** One-minute bars of a market, from START_MS. */
export function minuteMarket(venue: Venue, instrument: string, bars = 10_000): MarketTerms {
  return {
    venue,
    instrument,
    bars: generatedSeries({ seed: 7, timeframe: '1m', startMs: START_MS, bars }),
  };
}

/** A clock that stands so many minutes after START_MS. */
export function standingClock(minutes: number): VenueClock {
  return venueClock({ nowMs: START_MS + minutes * MINUTE_MS, rate: 0, realMs: () => performance.now() });
}

/** A simulator of one market whose clock stands some way into a bar that still forms. */
export function startOneMarket(
  market: MarketTerms,
  minutes: number,
  options: Partial<VenueSimOptions> = {},
): Promise<VenueSim> {
  return startVenueSim({ markets: [market], clock: standingClock(minutes), ...options });
}
