import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars, type PriceBar } from '@aistock/market';
import { z } from 'zod';
import { Decimal, decimalText } from '../decimal.ts';
import type { Strategy } from '../strategies/index.ts';
import { runBacktest, type FillRule } from './index.ts';
import { drawdownMax } from './statistics.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';
const FEE = new Decimal('0.001');

/** Long from the close at which the mean of 10 crosses above the mean of 30, flat from the crossing back. */
const smaCross: Strategy = {
  name: 'sma_cross',
  description: 'for tests',
  paramNames: [],
  schema: z.strictObject({}),
  lookbackBars: () => 31,
  decide: ({ bars, position }) => {
    const wasAbove = mean(bars, 10, 1) > mean(bars, 30, 1);
    const isAbove = mean(bars, 10, 0) > mean(bars, 30, 0);
    if (isAbove && !wasAbove && !position)
      return { action: 'enter_long', equityFraction: 1, reason: 'crossed_above' };
    if (!isAbove && wasAbove && position) return { action: 'exit_long', reason: 'crossed_below' };
    return undefined;
  },
};

function mean(bars: readonly PriceBar[], count: number, skipped: number): number {
  let sum = 0;
  for (let index = bars.length - count - skipped; index < bars.length - skipped; index++)
    sum += bars[index]!.close;
  return sum / count;
}

/** All the cash at the open, fee included, as the other programs size it. */
const allInAtOpen: FillRule = (order, { open }, { cash }) => {
  const quantity =
    order.side === 'buy'
      ? new Decimal(cash).div(FEE.plus(1).times(open)).toDecimalPlaces(12, Decimal.ROUND_DOWN)
      : new Decimal(order.quantity);
  return {
    price: open,
    quantity: decimalText(quantity),
    fee: decimalText(quantity.times(open).times(FEE).toDecimalPlaces(12)),
  };
};

test(
  'the crossover of 10 and 30 bars on five-minute BTC/USDT ends where four other programs end',
  { skip },
  () => {
    const file = join(dataDir!, 'bars/nfi-binance-spot/BTC-USDT/5m.csv.gz');
    const bars = parseCsvBars(gunzipSync(readFileSync(file)).toString('utf8'), { calendar: 'always' });
    let lines = 0;
    const result = runBacktest(
      {
        setup: {
          strategy: smaCross,
          account: 'backtest',
          stream: 'binance:BTC/USDT:5m',
          instrument: 'BTC/USDT',
          lotSize: '0.000000000001',
        },
        timeframe: '5m',
        calendar: 'always',
        config: { configId: '00000000-0000-4000-8000-000000000000', params: {} },
        startCash: '1000000',
        fills: allInAtOpen,
        regimeAt: () => undefined,
        record: () => void lines++,
      },
      [],
      bars,
    );
    assert.equal(result.bars, 65_741);
    assert.equal(lines, 65_741);
    assert.equal(result.trades.length, 1_289);
    assert.ok(Math.abs(Number(result.equityEnd) - 115_110.70875) < 0.00001, result.equityEnd);
  },
);

test('the drawdown of a known equity curve agrees with backtesting.py', { skip }, () => {
  const folder = join(dataDir!, 'fixtures/known-answers');
  const lines = readFileSync(join(folder, 'backtestingpy_goog_sma_10_30_equity.csv'), 'utf8')
    .trim()
    .split('\n');
  const equity = lines.slice(1).map((line) => Number(line.split(',')[1]));
  assert.ok(Math.abs(drawdownMax(equity) - 0.4798012705007588) < 1e-12);
});
