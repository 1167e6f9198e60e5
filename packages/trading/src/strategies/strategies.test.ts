import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceBar } from '@aistock/market';
import fc from 'fast-check';
import {
  momentumBreakout,
  STRATEGIES,
  trendFollowing,
  type Holding,
  type RegimeView,
  type Strategy,
} from './index.ts';

const UP: RegimeView = { modelId: 'm', hmmTrend: 0.6, hmmRisk: 0.1 };
const DOWN: RegimeView = { ...UP, hmmTrend: -0.6 };
const MOMENTUM = {
  lookback_bars: 3,
  breakout_atr: 0.5,
  atr_bars: 2,
  stop_atr: 2,
  hold_bars_max: 10,
  risk_fraction: 0.25,
  trend_min: 0.1,
};
const TREND = { fast_bars: 2, slow_bars: 4, atr_bars: 2, stop_atr: 2, trend_min: 0.1, risk_fraction: 0.5 };

/** Bars of a height of 2 around the closes. */
const series = (...closes: number[]): PriceBar[] =>
  closes.map((close, openMs) => ({ openMs, open: close, high: close + 1, low: close - 1, close, volume: 1 }));
const held = (entryPrice: number, barsHeld = 1): Holding => ({
  entryMs: 0,
  entryPrice,
  quantity: 1,
  barsHeld,
});

const momentumEntry = (close: number, regime: RegimeView | undefined = UP) =>
  momentumBreakout.decide({
    bars: series(100, 100, 100, close),
    regime,
    params: MOMENTUM,
    position: undefined,
  });

test('momentum breakout buys a close above the channel by its margin, and not one below', () => {
  assert.deepEqual(momentumEntry(103), { action: 'enter_long', equityFraction: 0.25, reason: 'breakout' });
  assert.equal(momentumEntry(102), undefined); // above the high of 101, but not by half an average true range
  assert.equal(momentumEntry(103, DOWN), undefined);
});

const momentumExit = (position: Holding) =>
  momentumBreakout.decide({
    bars: series(100, 100, 100, 100),
    regime: undefined,
    params: MOMENTUM,
    position,
  });

test('momentum breakout leaves at its stop and when its time is up', () => {
  assert.deepEqual(momentumExit(held(104)), { action: 'exit_long', reason: 'stop' });
  assert.equal(momentumExit(held(103)), undefined);
  assert.equal(momentumExit(held(100, 9)), undefined);
  assert.deepEqual(momentumExit(held(100, 10)), { action: 'exit_long', reason: 'time_limit' });
});

const trendEntry = (closes: number[], regime: RegimeView | undefined = UP) =>
  trendFollowing.decide({ bars: series(...closes), regime, params: TREND, position: undefined });

test('trend following buys while the fast mean and the close lead', () => {
  assert.deepEqual(trendEntry([100, 101, 102, 103]), {
    action: 'enter_long',
    equityFraction: 0.5,
    reason: 'fast_above_slow',
  });
  assert.equal(trendEntry([103, 102, 101, 100]), undefined);
  assert.equal(trendEntry([100, 101, 106, 103]), undefined); // it has just fallen below the fast mean
  assert.equal(trendEntry([100, 101, 102, 103], DOWN), undefined);
});

const trendExit = (closes: number[], entryPrice: number) =>
  trendFollowing.decide({
    bars: series(...closes),
    regime: undefined,
    params: TREND,
    position: held(entryPrice),
  });

test('trend following leaves at its stop and when the fast mean falls below the slow one', () => {
  assert.equal(trendExit([100, 101, 102, 103], 103), undefined);
  assert.deepEqual(trendExit([100, 101, 102, 103], 107), { action: 'exit_long', reason: 'stop' });
  assert.deepEqual(trendExit([103, 102, 101, 100], 100), { action: 'exit_long', reason: 'fast_below_slow' });
});

const CASES: readonly (readonly [Strategy, Readonly<Record<string, number>>])[] = [
  [momentumBreakout, MOMENTUM],
  [trendFollowing, TREND],
];
const closes = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 5, maxLength: 40 });

for (const [strategy, params] of CASES) {
  test(`${strategy.name} decides from its lookback alone, wherever the series begins`, () => {
    fc.assert(
      fc.property(
        closes,
        fc.option(fc.integer({ min: 50, max: 150 }), { nil: undefined }),
        (values, entry) => {
          const bars = series(...values);
          const position = entry === undefined ? undefined : held(entry);
          const context = { regime: UP, params, position };
          const tail = bars.slice(-strategy.lookbackBars(params));
          assert.deepEqual(
            strategy.decide({ ...context, bars }),
            strategy.decide({ ...context, bars: tail }),
          );
        },
      ),
    );
  });

  test(`${strategy.name} never enters without a regime`, () => {
    fc.assert(
      fc.property(closes, (values) => {
        const context = { bars: series(...values), regime: undefined, params, position: undefined };
        assert.equal(strategy.decide(context), undefined);
      }),
    );
  });

  test(`${strategy.name} takes exactly its parameters`, () => {
    assert.equal(STRATEGIES.get(strategy.name), strategy);
    assert.deepEqual(Object.keys(params).toSorted(), strategy.paramNames.toSorted());
    assert.ok(strategy.schema.safeParse(params).success);
    for (const name of strategy.paramNames) {
      const { [name]: _left, ...rest } = params;
      assert.equal(strategy.schema.safeParse(rest).success, false, `${name} missing`);
      assert.equal(
        strategy.schema.safeParse({ ...params, [name]: Number.NaN }).success,
        false,
        `${name} NaN`,
      );
    }
    assert.equal(strategy.schema.safeParse({ ...params, leverage: 2 }).success, false);
  });
}

test('trend following refuses a fast mean that is not faster', () => {
  assert.equal(trendFollowing.schema.safeParse({ ...TREND, fast_bars: 4 }).success, false);
});
