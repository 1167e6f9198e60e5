import { createHash } from 'node:crypto';
import { CostModel, Limits } from '@aistock/shared';
import {
  runBacktest,
  type BacktestResult,
  type BacktestTerms,
  type FillRule,
} from '@aistock/trading/backtest';
import type { BarSeries } from '@aistock/trading/bars';
import { DEFAULT_ORDERS } from '@aistock/trading/core';
import { FIXED_SIZING } from '@aistock/trading/sizing';
import { smaCross } from '@aistock/trading/strategies';
import type { Crossover } from './crossover.ts';
import { allCash } from './all-cash.ts';

const STREAM = 'csv:BTC/USDT:5m';
const INSTRUMENT = 'BTC/USDT';
const MUCH = '1000000000000000';

/** Limits that are asked for every order and deny none of them. */
const LIMITS = Limits.parse({
  account: 'backtest',
  clock: 'replay',
  strategies: [smaCross.name],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: MUCH,
  instruments: {
    [INSTRUMENT]: {
      price_stream: STREAM,
      price_age_ms_max: 3_600_000,
      tick_size: '0.000000000001',
      lot_size: '0.000000000001',
      quantity_max: MUCH,
      notional_min: '0',
      notional_max: MUCH,
      collar_bps: 500,
      gross_notional_max: MUCH,
    },
  },
});

/** `reference`: all cash at the fill's open, as the other programs size it. `venue`: what our venue and sizing make of it. */
export type Fills = 'reference' | 'venue';

/** The crossover through the core, the risk gate's rules, order states and fills. */
export function runEngine(bars: BarSeries, work: Crossover, fills: Fills): BacktestResult {
  return runBacktest(termsOf(bars, work, fills));
}

function termsOf(series: BarSeries, { fast, slow, cash, fee }: Crossover, fills: Fills): BacktestTerms {
  const bps = fee * 10_000;
  const params = { fast_bars: fast, slow_bars: slow, allow_short: 0 };
  const given = {
    configId: '00000000-0000-4000-8000-000000000000',
    presetId: null,
    params,
    expiresMs: null,
  } as const;
  const fillRule: FillRule = allCash(String(fee));
  return {
    setup: {
      account: 'backtest',
      currency: 'USDT',
      startCash: String(cash),
      streams: [
        {
          id: STREAM,
          instrument: INSTRUMENT,
          timeframe: '5m',
          calendar: 'always',
          rules: [{ fromMs: 0, lotSize: '0.000000000001', tickSize: '0.000000000001', notionalMin: '0' }],
        },
      ],
      slots: [{ id: 'only', strategy: smaCross, streams: [STREAM], modelUse: 'off' }],
      sizing: { ...FIXED_SIZING, fractionMax: fills === 'venue' ? 0.95 : 1 },
      selection: null,
      orders: { ...DEFAULT_ORDERS, entriesPerSessionMax: 1_000, entryIntervalMs: 0 },
      limits: LIMITS,
    },
    series: new Map([[STREAM, { series, warmUp: 0 }]]),
    costs: CostModel.parse({
      fees: { maker_bps: bps, taker_bps: bps, taken_in: 'quote' },
      spread: { type: 'bps', bps: 0 },
      slippage: { type: 'fixed', bps: 0 },
      latency_ms: 0,
      participation_max: null,
    }),
    ...(fills === 'reference' && { fillRule }),
    answers: {
      regimeAt: () => ({ regime: null, missing: 'none' }),
      paramsAt: () => ({ params: { ...given, source: 'given' }, missing: null }),
    },
    record: null,
  };
}

/** SHA-256 over every trade: a faster run cannot be a different one. */
export function tradesSha256({ trades }: BacktestResult): string {
  const hash = createHash('sha256');
  for (const { side, quantity, entryMs, entryPrice, exitMs, exitPrice, fees, pnl } of trades)
    hash.update(`${side} ${quantity} ${entryMs} ${entryPrice} ${exitMs} ${exitPrice} ${fees} ${pnl}\n`);
  return hash.digest('hex');
}
