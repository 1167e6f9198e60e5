import type { Priority } from '@aistock/venues';

/** At most so much weight in any stretch of time of this length. */
export interface BudgetWindow {
  readonly windowMs: number;
  readonly weightMax: number;
}

/** What a venue allows one address or key, and who may use how much of it. */
export interface Budget {
  /** All of them hold, at least one. */
  readonly windows: readonly BudgetWindow[];
  /** Up to which share of each window, in (0, 1], a priority may fill it; {@link TRADING_SHARES} unless told. */
  readonly shares?: Readonly<Record<Priority, number>>;
}

/** Where we trade as well: what is left above a share is kept for the more urgent. */
export const TRADING_SHARES = { cancel: 1, order: 0.9, query: 0.8, data: 0.7 } as const;
/** Where there is only data to get. */
export const DATA_SHARES = { cancel: 1, order: 1, query: 1, data: 1 } as const;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const atMost = (weightMax: number, windowMs: number): BudgetWindow => ({ windowMs, weightMax });

/** What venues publish for a client without a paid plan; yahoo publishes nothing, and is asked with care. */
export const KNOWN_BUDGETS: Readonly<Record<string, Budget>> = {
  alpaca: { windows: [atMost(200, MINUTE_MS)] },
  alphavantage: { windows: [atMost(5, MINUTE_MS), atMost(25, DAY_MS)], shares: DATA_SHARES },
  binance: { windows: [atMost(6000, MINUTE_MS)] },
  binancecoinm: { windows: [atMost(2400, MINUTE_MS)] },
  binanceusdm: { windows: [atMost(2400, MINUTE_MS)] },
  binanceus: { windows: [atMost(1200, MINUTE_MS)] },
  coinbase: { windows: [atMost(10, SECOND_MS)] },
  finnhub: { windows: [atMost(30, SECOND_MS), atMost(60, MINUTE_MS)], shares: DATA_SHARES },
  kraken: { windows: [atMost(1, SECOND_MS)] },
  yahoo: { windows: [atMost(1, 2 * SECOND_MS), atMost(360, HOUR_MS)], shares: DATA_SHARES },
};

/** For a venue that nobody said anything about: slow enough for all that we know. */
const BUDGET_UNKNOWN: Budget = { windows: [atMost(10, 10 * SECOND_MS)] };

/** The budget of a venue: what was told for it, else what is known, else ten requests in ten seconds. */
export function budgetOf(venue: string, told: Readonly<Record<string, Budget>> = {}): Budget {
  for (const budgets of [told, KNOWN_BUDGETS]) {
    const budget = Object.hasOwn(budgets, venue) ? budgets[venue] : undefined;
    if (budget) return budget;
  }
  return BUDGET_UNKNOWN;
}

/**
 * How full a request of this weight may make each window. A share that is too small for even one request lets one
 * through where the window is empty.
 */
export function fillMax(budget: Budget, priority: Priority, weight: number): number[] {
  const share = (budget.shares ?? TRADING_SHARES)[priority];
  return budget.windows.map(({ weightMax }) => Math.max(Math.floor(weightMax * share), weight));
}
