import type { ProofCase } from './proof-case.ts';
import { MINUTE_MS } from './proof-terms.ts';

/**
 * Crypto round the clock, with models: brackets that go short as well, breakouts and trends, and quotes that wait in the book;
 * of the three slots of ETH two are chosen every six hours. Orders fill in parts.
 */
export const CRYPTO: ProofCase = {
  name: 'crypto',
  timeframe: '5m',
  calendar: 'always',
  currency: 'USDT',
  tradesOnly: false,
  trainingBars: 6_000,
  markets: [
    {
      instrument: 'BTC/USDT',
      file: 'bars/nfi-binance-spot/BTC-USDT/5m.csv.gz',
      firstPrice: '40000',
      limits: {
        price_age_ms_max: 30 * MINUTE_MS,
        tick_size: '0.01',
        lot_size: '0.00001',
        quantity_max: '100',
        notional_min: '10',
        notional_max: '60000',
        collar_bps: 500,
        stop_distance_bps_max: 2_000,
        gross_notional_max: '90000',
      },
    },
    {
      instrument: 'ETH/USDT',
      file: 'bars/nfi-binance-spot/ETH-USDT/5m.csv.gz',
      firstPrice: '2000',
      limits: {
        price_age_ms_max: 30 * MINUTE_MS,
        tick_size: '0.01',
        lot_size: '0.0001',
        quantity_max: '1000',
        notional_min: '10',
        notional_max: '60000',
        collar_bps: 500,
        stop_distance_bps_max: 2_000,
        gross_notional_max: '90000',
      },
    },
  ],
  slots: [
    {
      id: 'reversion',
      strategy: 'mean_reversion',
      instrument: 'BTC/USDT',
      model_use: 'veto',
      presetId: 'both_ways',
      params: {
        lookback_bars: 20,
        entry_z: 1.8,
        exit_z: 0.2,
        stop_z: 4,
        hold_bars_max: 12,
        trend_abs_max: 1,
        risk_fraction: 0.3,
        allow_short: 1,
      },
    },
    {
      id: 'breakout',
      strategy: 'momentum_breakout',
      instrument: 'BTC/USDT',
      model_use: 'scale',
      presetId: 'aggressive',
    },
    {
      id: 'making',
      strategy: 'market_making',
      instrument: 'ETH/USDT',
      model_use: 'confirm',
      presetId: 'slow_quotes',
      params: {
        half_spread_bps: 10,
        half_spread_vol: 0.5,
        inventory_skew: 0.5,
        quote_fraction: 0.02,
        inventory_fraction_max: 0.1,
        refresh_s: 600,
        risk_max: 0.4,
        allow_short: 1,
      },
    },
    {
      id: 'trend',
      strategy: 'trend_following',
      instrument: 'ETH/USDT',
      model_use: 'scale',
      presetId: 'aggressive',
    },
    {
      id: 'dips',
      strategy: 'mean_reversion',
      instrument: 'ETH/USDT',
      model_use: 'veto',
      presetId: 'balanced',
    },
  ],
  costs: {
    fees: { maker_bps: 2, taker_bps: 5, taken_in: 'quote' },
    spread: { type: 'range', share: 0.02 },
    slippage: { type: 'volume_share', impact: 0.1 },
    latency_ms: 250,
    participation_max: 0.003,
  },
  selection: {
    interval_ms: 360 * MINUTE_MS,
    enabled_max: 2,
    hysteresis: 0,
    recent_trades: 20,
    prior_trades: 5,
    regime_weight: 0,
  },
  orders: {
    flatten_before_close_ms: null,
    extended_hours: false,
    marketable_offset_bps: 50,
    entries_per_session_max: 1_000,
    entry_interval_ms: 0,
  },
};
