import { z } from 'zod';

const Share = z.number().gt(0).max(1);
const Trades = z.int().min(1).max(10_000);
const DAY_MS = 86_400_000;

/**
 * How large an entry may be. Fractions are of the account's equity, from 0 to 1. An empty object gives the presets: a
 * quarter of Kelly's bet from 30 trades on and a tenth of the wish without an edge, a volatility of 30 % a year, half the size at a drawdown of 17.5 % and none at 25 %.
 */
export const SizingPolicy = z
  .strictObject({
    /** Share of the full Kelly bet; null leaves Kelly out. */
    kelly_share: Share.nullable().default(0.25),
    /** Closed trades of a slot before Kelly says anything; until then the strategy's own fraction holds. */
    trades_min: Trades.default(30),
    /** Of the newest trades, how many count. */
    trades_max: Trades.default(200),
    /** Closed trades after which Kelly is computed anew. */
    update_every_trades: Trades.default(20),
    /** Trades without an edge that are mixed in: the more, the smaller a bet on a short record. */
    prior_trades: z.int().min(0).max(10_000).default(30),
    /** Share of its wish that a slot may try with however bad its record is, so that it can mend it; 0 keeps it out for good. */
    probe_share: z.number().min(0).max(1).default(0.1),
    /** Wished volatility of a position, fraction a year; null does not aim for one. */
    volatility_target: z.number().gt(0).max(10).nullable().default(0.3),
    /** Returns that the instrument's volatility is measured over. */
    volatility_bars: z.int().min(10).max(10_000).default(60),
    /** Drawdown of the account from which sizes shrink, and at which nothing is entered; null does not shrink them. */
    drawdown_cut: z
      .strictObject({ from: z.number().min(0).max(1), to: Share })
      .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be above from' })
      .nullable()
      .default({ from: 0.1, to: 0.25 }),
    /** No entry is larger. */
    fraction_max: Share.default(1),
  })
  .refine((policy) => policy.trades_min <= policy.trades_max, {
    path: ['trades_max'],
    message: 'must not be below trades_min',
  })
  .meta({ id: 'SizingPolicy', description: 'How large an entry may be.' });
export type SizingPolicy = z.infer<typeof SizingPolicy>;

/** When and how the strategies of an instrument are chosen. An empty object gives the presets: one, chosen every six hours. */
export const SelectionPolicy = z
  .strictObject({
    /** Chosen at each multiple of it since 1970, and at the start. */
    interval_ms: z
      .int()
      .min(60_000)
      .max(30 * DAY_MS)
      .default(DAY_MS / 4),
    /** Most slots of one instrument that may enter at a time. */
    enabled_max: z.int().min(1).max(100).default(1),
    /** By how much a slot's score must beat that of an enabled one to take its place; reward per trade. */
    hysteresis: z.number().min(0).max(1).default(0.001),
    /** Closed trades of a slot that count as recent. */
    recent_trades: z.int().min(1).max(1_000).default(50),
    /** Trades that earned nothing that are mixed in: the more, the closer to 0 the score of a short record. */
    prior_trades: z.int().min(0).max(10_000).default(20),
    /** What a regime that speaks wholly for a strategy counts for; reward per trade. */
    regime_weight: z.number().min(0).max(1).default(0.005),
  })
  .meta({ id: 'SelectionPolicy', description: 'Which strategies of an instrument may enter.' });
export type SelectionPolicy = z.infer<typeof SelectionPolicy>;

/**
 * How the hours of a market restrict orders. An empty object gives the presets: positions are held overnight, nothing is
 * entered outside of regular hours, and on intraday bars of `xnys` an entry at market is a limit order 50 basis points through the
 * newest close.
 */
export const OrderPolicy = z
  .strictObject({
    /** Everything is left so long before the regular session ends; null holds overnight. Needs bars of less than a day. */
    flatten_before_close_ms: z.int().min(0).max(DAY_MS).nullable().default(null),
    /** Entries before and after the regular hours of `xnys`, as limit or bracket orders only. */
    extended_hours: z.boolean().default(false),
    /** How far through the newest close a limit order in place of an entry at market is, there; null enters at market. */
    marketable_offset_bps: z.number().min(0).max(1_000).nullable().default(50),
    /** Most entries that a slot may make in one session; in one UTC day where the calendar has no sessions. */
    entries_per_session_max: z.int().min(1).max(100_000).default(1_000),
    /** Least time between two entries of a slot. */
    entry_interval_ms: z.int().min(0).max(DAY_MS).default(0),
  })
  .meta({ id: 'OrderPolicy', description: 'How the hours of a market restrict orders.' });
export type OrderPolicy = z.infer<typeof OrderPolicy>;
