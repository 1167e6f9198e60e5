import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars, type Bar, type Calendar, type Timeframe } from '@aistock/market';
import { CostModel, type Limits } from '@aistock/shared';
import { BarSeries } from '../bars/index.ts';
import { BAR_MS } from '../core/desk.fixture.ts';
import { DEFAULT_ORDERS, type CoreSetup, type SlotParams } from '../core/index.ts';
import { Decimal, decimalText } from '../decimal.ts';
import { FIXED_SIZING } from '../sizing/index.ts';
import type { Strategy, StrategyParams } from '../strategies/index.ts';
import type { BacktestTerms, FillRule } from './index.ts';

export const dataDir = process.env['MARKET_DATA_DIR'];
export const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';

export function readBars(file: string, calendar: Calendar): readonly Bar[] {
  return parseCsvBars(gunzipSync(readFileSync(join(dataDir!, file))).toString('utf8'), { calendar });
}

/** Nothing costs anything, and orders fill whole. */
export const FREE: CostModel = {
  fees: { maker_bps: 0, taker_bps: 0, taken_in: 'quote' },
  spread: { type: 'bps', bps: 0 },
  slippage: { type: 'fixed', bps: 0 },
  latency_ms: 0,
  participation_max: null,
};

/** Limits of an account that trades BTC/USDT in lots and ticks of 0.01; none of them is in the way of 1,000 USDT. */
export const LIMITS: Limits = {
  account: 'paper',
  clock: 'replay',
  strategies: ['scripted'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: '100000',
  instruments: {
    'BTC/USDT': {
      price_stream: 'sim:BTC/USDT:5m',
      price_age_ms_max: BAR_MS,
      tick_size: '0.01',
      lot_size: '0.01',
      quantity_max: '1000',
      notional_min: '0',
      notional_max: '100000',
      collar_bps: 500,
      gross_notional_max: '100000',
    },
  },
};

function given(params: StrategyParams): SlotParams {
  return {
    configId: '00000000-0000-4000-8000-000000000000',
    presetId: null,
    params,
    source: 'given',
    expiresMs: null,
  };
}

export interface OneStream {
  readonly bars: BarSeries;
  readonly instrument: string;
  readonly currency: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly strategy: Strategy;
  readonly params: StrategyParams;
  readonly startCash: string;
}

/** One strategy on one stream, without anything that would make its orders other than it wishes. */
export function oneStream(one: OneStream): BacktestTerms {
  const id = `csv:${one.instrument}:${one.timeframe}`;
  const setup: CoreSetup = {
    account: 'backtest',
    currency: one.currency,
    startCash: one.startCash,
    streams: [
      {
        id,
        instrument: one.instrument,
        timeframe: one.timeframe,
        calendar: one.calendar,
        rules: [{ fromMs: 0, lotSize: '0.000000000001', tickSize: '0.000000000001', notionalMin: '0' }],
      },
    ],
    slots: [{ id: 'only', strategy: one.strategy, streams: [id], modelUse: 'off' }],
    sizing: FIXED_SIZING,
    selection: null,
    orders: { ...DEFAULT_ORDERS, marketableOffsetBps: null },
    limits: null,
  };
  return {
    setup,
    series: new Map([[id, { series: one.bars, warmUp: 0 }]]),
    costs: FREE,
    answers: {
      regimeAt: () => ({ regime: null, missing: 'none' }),
      paramsAt: () => ({ params: given(one.params), missing: null }),
    },
    record: null,
  };
}

/** All the cash at the open, fee included, as other programs size it; what leaves leaves whole. */
export function allInAtOpen(feeShare: string, places: number): FillRule {
  const fee = new Decimal(feeShare);
  return (order, { open }, { cash }) => {
    const quantity = order.reduceOnly
      ? new Decimal(order.quantity)
      : new Decimal(cash).div(fee.plus(1).times(open)).toDecimalPlaces(places, Decimal.ROUND_DOWN);
    return {
      quantity: decimalText(quantity),
      price: open,
      fee: decimalText(quantity.times(open).times(fee).toDecimalPlaces(12)),
    };
  };
}
