import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars } from '@aistock/market';
import { z } from 'zod';
import { closedTrade } from './closed-trade.fixture.ts';
import { drawdownFigures } from './drawdown.ts';
import { performance } from './index.ts';
import { compoundAnnualGrowth, sharpeAnnual, sortinoAnnual } from './return-figures.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';
const DAY_MS = 86_400_000;
/** Bars that warm the slow mean up: backtesting.py compares with holding from the first bar after them. */
const WARM_UP = 29;

const Known = z.object({
  trades: z.array(
    z.object({
      Size: z.number(),
      PnL: z.number(),
      EntryPrice: z.number(),
      ExitPrice: z.number(),
      EntryTime: z.string(),
      ExitTime: z.string(),
    }),
  ),
});
const Expected = z.object({ expected: z.record(z.string(), z.union([z.number(), z.string()])) });

const percent = (value: number | null) => value! * 100;
const days = (ms: number | null) => Math.ceil(ms! / DAY_MS);
const near = (actual: number | null, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual! - expected) <= tolerance, `${actual} is not ${expected}`);

function known(name: string): string {
  return readFileSync(join(dataDir!, 'fixtures/known-answers', name), 'utf8');
}

/** GOOG daily, crossing means of 10 and 30 days, as backtesting.py ran it: its equity, its trades. */
function googCase() {
  const lines = known('backtestingpy_goog_sma_10_30_equity.csv').trim().split('\n').slice(1);
  const rows = lines.map((line) => line.split(','));
  const { trades } = Known.parse(JSON.parse(known('backtestingpy_goog_sma_10_30.json')));
  const csv = gunzipSync(readFileSync(join(dataDir!, 'bars/backtestingpy/GOOG/1d.csv.gz'))).toString('utf8');
  const closes = Float64Array.from(parseCsvBars(csv, { calendar: 'xnys' }), (bar) => Number(bar.close));
  return {
    closes,
    curve: {
      atMs: Float64Array.from(rows, ([day]) => Date.parse(`${day}T21:00:00Z`)),
      equity: Float64Array.from(rows, ([, equity]) => Number(equity)),
    },
    trades: trades.map((trade) =>
      closedTrade({
        side: trade.Size > 0 ? 'buy' : 'sell',
        pnl: String(trade.PnL),
        reward: Math.sign(trade.Size) * (trade.ExitPrice / trade.EntryPrice - 1),
        entryMs: Date.parse(`${trade.EntryTime}Z`),
        exitMs: Date.parse(`${trade.ExitTime}Z`),
      }),
    ),
  };
}

test('GOOG 10/30 has the statistics that backtesting.py publishes', { skip }, () => {
  const { closes, curve, trades } = googCase();
  const costs = { fees: '0', slippage: '0', funding: '0', turnover: '0' };
  const made = performance({ curve, calendar: 'xnys', trades, exposure: 0, costs, benchmark: closes });
  const held = closes.at(-1)! / closes[WARM_UP]! - 1;
  const ours: Record<string, number> = {
    'Equity Final [$]': made.equityEnd,
    'Equity Peak [$]': made.equityPeak,
    'Duration [days]': days(made.toMs - made.fromMs),
    'Return [%]': percent(made.totalReturn),
    'Buy & Hold Return [%]': percent(held),
    'CAGR [%]': percent(made.cagr),
    'Return (Ann.) [%]': percent(made.backtestingPy.returnAnnual),
    'Volatility (Ann.) [%]': percent(made.backtestingPy.volatilityAnnual),
    'Sharpe Ratio': made.backtestingPy.sharpe!,
    'Sortino Ratio': made.backtestingPy.sortino!,
    'Calmar Ratio': made.backtestingPy.calmar!,
    'Profit Factor': made.backtestingPy.profitFactor!,
    Beta: made.backtestingPy.beta!,
    'Alpha [%]': percent(made.totalReturn! - made.backtestingPy.beta! * held),
    'Max. Drawdown [%]': -percent(made.drawdown.max),
    'Avg. Drawdown [%]': -percent(made.drawdown.average),
    'Max. Drawdown Duration [days]': days(made.drawdown.longestMs),
    'Avg. Drawdown Duration [days]': days(made.drawdown.averageMs),
    '# Trades': made.trades.count,
    'Win Rate [%]': percent(made.trades.hitRate),
    'Best Trade [%]': percent(made.trades.best),
    'Worst Trade [%]': percent(made.trades.worst),
    'Avg. Trade [%]': percent(made.trades.averageGeometric),
    'Avg. Trade Duration [days]': days(made.trades.durationAverageMs),
    'Max. Trade Duration [days]': days(made.trades.durationMaxMs),
    'Expectancy [%]': percent(made.trades.expectancyReturn),
    SQN: made.trades.sqn!,
    'Kelly Criterion': made.trades.kelly!,
  };
  const { expected } = Expected.parse(JSON.parse(known('backtestingpy_goog_smacross.json')));
  const different = Object.entries(expected).filter(
    ([name, value]) =>
      typeof value === 'number' && !(Math.abs(ours[name]! - value) <= 1e-10 * Math.abs(value)),
  );
  assert.deepEqual(
    different.map(([name]) => name),
    ['Exposure Time [%]'],
    'exposure is counted by the engine, bar by bar',
  );
});

/** Closes of three shares, as published with ffn, and the figures that its tests name to three places. */
const FFN_CAGR = { AAPL: 0.44, MSFT: 0.041, C: -0.205 };

test("ffn's shares have the growth and the drawdown that its tests ask for", { skip }, () => {
  const [head, ...lines] = known('ffn/test_data.csv').trim().split('\n');
  const names = head!.trim().split(',');
  const rows = lines.map((line) => line.trim().split(','));
  const atMs = Float64Array.from(rows, ([day]) => utcDay(day!));
  for (const [name, growth] of Object.entries(FFN_CAGR)) {
    const equity = Float64Array.from(rows, (cells) => Number(cells[names.indexOf(name)]));
    const made = compoundAnnualGrowth(equity[0]!, equity.at(-1)!, atMs.at(-1)! - atMs[0]!);
    assert.equal(Number(made!.toFixed(3)), growth, name);
  }
  const first = Float64Array.from(rows.slice(0, 10), (cells) => Number(cells[1]));
  assert.equal(Number(drawdownFigures({ atMs: atMs.slice(0, 10), equity: first }).max.toFixed(3)), 0.086);
});

const Validation = z.object({
  empyrical: z.object({
    positive: z.array(z.number()),
    sharpe_positive: z.number(),
    negative: z.array(z.number()),
    sharpe_negative: z.number(),
  }),
  sharpe_iid: z.object({ data: z.array(z.number()), bench: z.number(), expected: z.number() }),
  sortino_iid: z.object({ data: z.array(z.number()), expected: z.number() }),
});

test('ratios of published samples', { skip }, () => {
  const { empyrical, sharpe_iid, sortino_iid } = Validation.parse(
    JSON.parse(known('ml/validation_stats.json')),
  );
  near(sharpeAnnual(Float64Array.from(empyrical.positive), 252), empyrical.sharpe_positive, 1e-10);
  near(sharpeAnnual(Float64Array.from(empyrical.negative), 252), empyrical.sharpe_negative, 1e-10);
  const excess = Float64Array.from(sharpe_iid.data, (value) => value - sharpe_iid.bench);
  near(sharpeAnnual(excess, 1), sharpe_iid.expected, 1e-6);
  near(sortinoAnnual(Float64Array.from(sortino_iid.data), 1), sortino_iid.expected, 1e-6);
});

/** From `3/10/2004`. */
function utcDay(text: string): number {
  const [month, day, year] = text.split('/').map(Number);
  return Date.UTC(year!, month! - 1, day);
}
