import type { Usage } from '../dialects/dialect.ts';
import type { Venue } from '../markets/sim-market.ts';

const WINDOW_MS = 60_000;

/** What each venue allows a minute; infinite where it tells none. */
export type Limits = Readonly<Record<Venue, number>>;

/** As documented: Binance's weight, Alpaca's requests on its free plan. Kraken slows down by a counter instead. */
export const LIMITS_DEFAULT: Limits = { binance: 6000, kraken: Number.POSITIVE_INFINITY, alpaca: 200 };

/** What was used of each venue's budget in this minute, and until when a venue lets nobody in. */
export class Budgets {
  readonly #limits: Limits;
  readonly #windows = new Map<Venue, { startMs: number; used: number }>();
  readonly #bannedUntil = new Map<Venue, number>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a request, also one that is over the limit. */
  spend(venue: Venue, weight: number, realMs: number): Usage {
    const startMs = Math.floor(realMs / WINDOW_MS) * WINDOW_MS;
    const window = this.#windows.get(venue);
    const used = (window?.startMs === startMs ? window.used : 0) + weight;
    this.#windows.set(venue, { startMs, used });
    return { used, limit: this.#limits[venue], resetS: Math.ceil((startMs + WINDOW_MS - realMs) / 1000) };
  }

  ban(venue: Venue, untilMs: number): void {
    this.#bannedUntil.set(venue, untilMs);
  }

  /** Whole seconds for which the venue is still closed to us; 0 where it is not. */
  bannedForS(venue: Venue, realMs: number): number {
    return Math.max(0, Math.ceil(((this.#bannedUntil.get(venue) ?? realMs) - realMs) / 1000));
  }
}
