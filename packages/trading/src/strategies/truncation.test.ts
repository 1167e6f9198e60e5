import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars, type Bar } from '@aistock/market';
import { BarSeries, type BarCursor } from '../bars/index.ts';
import { seriesOf } from './bars.fixture.ts';
import { decisionLog, WARM_UP } from './decision-log.fixture.ts';
import { smaCross, STRATEGIES } from './index.ts';
import { SHORT_PARAMS } from './params.fixture.ts';
import { randomNumbers } from './random.fixture.ts';
import type { Strategy, StrategyParams } from './strategy.ts';

/** Random times: at every other one the rest is cut off, else it is replaced by noise. */
const CUTS = 200;
const BARS = WARM_UP + 300;
/** Bars of noise after a cut. */
const NOISE_BARS = 20;
const BAR_MS = 300_000;

const CASES: readonly (readonly [string, Strategy, StrategyParams])[] = [
  ...(
    [
      ['trend_following', { fast_bars: 10, slow_bars: 30 }],
      ['momentum_breakout', { lookback_bars: 12, atr_bars: 10 }],
      ['mean_reversion', { lookback_bars: 20 }],
      ['pairs_trading', { formation_bars: 40 }],
      ['pairs_trading', { formation_bars: 40, method: 1, stop_z: 9 }],
      [
        'vwap_participation',
        { curve_bars: 310, target_fraction: 1, participation_rate: 1e-5, participation_rate_max: 2e-5 },
      ],
      ['market_making', {}],
    ] as const
  ).map(([name, params]) => [name, STRATEGIES.get(name)!, { ...SHORT_PARAMS[name], ...params }] as const),
  ['sma_cross', smaCross, { fast_bars: 10, slow_bars: 30, allow_short: 1 }],
];

/** The bars up to one, and noise after it where `random` is given; volumes too. */
function cutAfter(series: BarSeries, last: number, random?: () => number): BarSeries {
  const length = Math.min(series.length, last + 1 + (random ? NOISE_BARS : 0));
  const cut = {
    length,
    openMs: series.openMs.slice(0, length),
    open: series.open.slice(0, length),
    high: series.high.slice(0, length),
    low: series.low.slice(0, length),
    close: series.close.slice(0, length),
    volume: series.volume.slice(0, length),
  };
  if (!random) return BarSeries.ofColumns(cut);
  for (let index = last + 1; index < length; index++) {
    cut.open[index] = 1 + 100 * random();
    cut.close[index] = 1 + 100 * random();
    cut.high[index] = 102;
    cut.low[index] = 0.5;
    cut.volume[index] = 1_000 * random();
  }
  return BarSeries.ofColumns(cut);
}

type Legs = readonly [BarSeries, BarSeries];

function provesTruncationEquality(legs: Legs, cases = CASES): void {
  for (const [name, strategy, params] of cases) {
    const series = legs.slice(0, strategy.legs);
    const whole = decisionLog(strategy, params, series);
    assert.equal(whole.length, BARS - WARM_UP);
    // Otherwise equality would say little.
    const orders = whole.filter((line) => !line.includes('"orders":[]')).length;
    assert.ok(orders > 3, `${name} made ${orders} orders: ${whole.at(-1)}`);
    const random = randomNumbers(name.length);
    for (let cut = 0; cut < CUTS; cut++) {
      const last = WARM_UP + Math.floor(random() * (BARS - WARM_UP - 1));
      const noise = cut % 2 === 0 ? undefined : random;
      const log = decisionLog(
        strategy,
        params,
        series.map((each) => cutAfter(each, last, noise)),
      );
      const upToCut = last + 1 - WARM_UP;
      assert.deepEqual(
        log.slice(0, upToCut),
        whole.slice(0, upToCut),
        `${name}, ${noise ? 'noise' : 'nothing'} after ${last}`,
      );
    }
  }
}

function generatedLegs(): Legs {
  const random = randomNumbers(1);
  let common = Math.log(10_000);
  const closes = [0, 1].map((): number[] => []);
  for (let bar = 0; bar < BARS; bar++) {
    common += 0.004 * (random() - 0.5);
    for (const leg of closes) leg.push(Math.exp(common + 0.004 * (random() - 0.5)));
  }
  const volumes = Array.from({ length: BARS }, () => 1_000 * random());
  const [first, second] = closes.map((leg) => seriesOf(leg, volumes, BAR_MS));
  return [first!, second!];
}

test('decisions up to a time do not change when what comes after is cut off or replaced by noise', () => {
  provesTruncationEquality(generatedLegs());
});

test('a strategy that reaches around its view to the next bar is found out', () => {
  const peeking: Strategy = {
    ...smaCross,
    decide: ({ legs }) => {
      const { series, count } = legs[0].bars as BarCursor;
      return { hold: `next_${series.close[count]}` };
    },
  };
  const cases = [['peeking', peeking, { fast_bars: 1, slow_bars: 2, allow_short: 0 }]] as const;
  assert.throws(() => provesTruncationEquality(generatedLegs(), cases), assert.AssertionError);
});

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';

test('the same over real bars of BTC/USDT and ETH/USDT', { skip }, () => {
  const [first, second] = ['BTC-USDT', 'ETH-USDT'].map((instrument) => {
    const file = join(dataDir!, 'bars/nfi-binance-spot', instrument, '5m.csv.gz');
    const bars = parseCsvBars(gunzipSync(readFileSync(file)).toString('utf8'), { calendar: 'always' });
    return new Map(bars.map((bar) => [bar.openMs, bar]));
  });
  const common = [...first!.keys()].filter((openMs) => second!.has(openMs)).slice(20_000, 20_000 + BARS);
  const seriesOfBars = (bars: ReadonlyMap<number, Bar>) =>
    BarSeries.of(common.map((openMs) => bars.get(openMs)!));
  provesTruncationEquality([seriesOfBars(first!), seriesOfBars(second!)]);
});
