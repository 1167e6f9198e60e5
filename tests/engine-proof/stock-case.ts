import type { ProofCase } from './proof-case.ts';
import { MINUTE_MS } from './proof-terms.ts';

/**
 * A stock before, in and after regular hours, without a model: rules trade with their conservative presets, entries are
 * limits through the market, and everything is left before the close.
 */
export const STOCK: ProofCase = {
  name: 'stock',
  timeframe: '1m',
  calendar: 'xnys',
  currency: 'USD',
  tradesOnly: true,
  trainingBars: 0,
  markets: [
    {
      instrument: 'SPY',
      file: 'bars/lean-equity/SPY/1m.csv.gz',
      firstPrice: '470',
      limits: {
        price_age_ms_max: 5 * MINUTE_MS,
        tick_size: '0.01',
        lot_size: '1',
        quantity_max: '10000',
        notional_min: '100',
        notional_max: '50000',
        collar_bps: 300,
        stop_distance_bps_max: 1_000,
        gross_notional_max: '100000',
      },
    },
  ],
  slots: [
    {
      id: 'breakout',
      strategy: 'momentum_breakout',
      instrument: 'SPY',
      model_use: 'veto',
      presetId: 'balanced',
    },
    {
      id: 'reversion',
      strategy: 'mean_reversion',
      instrument: 'SPY',
      model_use: 'confirm',
      presetId: 'balanced',
    },
  ],
  costs: {
    fees: { maker_bps: 0, taker_bps: 1, taken_in: 'quote' },
    spread: { type: 'bps', bps: 1 },
    slippage: { type: 'volatility', share: 0.05 },
    latency_ms: 1_000,
    participation_max: 0.02,
  },
  selection: null,
  orders: {
    flatten_before_close_ms: 10 * MINUTE_MS,
    extended_hours: true,
    marketable_offset_bps: 20,
    entries_per_session_max: 40,
    entry_interval_ms: 2 * MINUTE_MS,
  },
};
