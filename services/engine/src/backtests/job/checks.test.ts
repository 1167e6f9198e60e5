import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarSeries } from '@aistock/trading/bars';
import { runBacktest, type BacktestTerms } from '@aistock/trading/backtest';
import { STRATEGIES, type Strategy } from '@aistock/trading/strategies';
import { BacktestRequest, SizingPolicy } from '@aistock/shared';
import { checkLookahead } from './check-lookahead.ts';
import { checkRecursive, recursiveWarmUp } from './check-recursive.ts';
import { loggedRun, type LoggedRun } from './logged-run.ts';
import { pointTerms, reachOf } from './point-terms.ts';
import type { JobSlot, RunJob } from './run-job.ts';
import { shareSeries } from './shared-series.ts';

const HOUR_MS = 3_600_000;
const STREAM = 'test:FAKE:1h';
const BARS = 900;
const WARM_UP = 300;
const PARAMS = { fast_bars: 5, slow_bars: 20, atr_bars: 10, stop_atr: 3, trend_min: 0, risk_fraction: 0.5 };
const honest = STRATEGIES.get('trend_following')!;
const LOOKAHEAD = { times: 12, seed: 7 };

const price = (at: number): number => 100 + 15 * Math.sin(at / 17) + 4 * Math.sin(at * 1.7);
const decimal = (value: number): string => String(Number(value.toFixed(2)));

function series(): BarSeries {
  return BarSeries.of(
    Array.from({ length: BARS }, (_, at) => {
      const [open, close] = [price(at), price(at + 0.9)];
      return {
        openMs: at * HOUR_MS,
        open: decimal(open),
        high: decimal(Math.max(open, close) + 1),
        low: decimal(Math.min(open, close) - 1),
        close: decimal(close),
        volume: '1000',
      };
    }),
  );
}

const SLOTS: JobSlot[] = [
  {
    id: 'main',
    strategy: 'trend_following',
    streams: [STREAM],
    params: PARAMS,
    conservative_params: PARAMS,
    model_use: 'off',
  },
];
const REACH = reachOf(SLOTS, SizingPolicy.parse({}));

function termsOf(): BacktestTerms {
  const { slots: _none, ...request } = BacktestRequest.parse({
    strategy: 'trend_following',
    stream: STREAM,
    from_ms: WARM_UP * HOUR_MS,
    to_ms: BARS * HOUR_MS,
  });
  const bars = series();
  const job: RunJob = {
    key: 'test',
    request: { ...request, slots: SLOTS },
    currency: 'USD',
    streams: [
      {
        id: STREAM,
        instrument: 'FAKE',
        timeframe: '1h',
        calendar: 'always',
        bars: shareSeries(bars),
        detail: null,
      },
    ],
    regimes: new Map(),
    progress: new Int32Array(1),
  };
  return pointTerms(job, { bars: new Map([[STREAM, bars]]), detail: new Map() }, {}, { record: null });
}

/** Runs another strategy in the place of the honest one; it may be made from the whole series, which no honest one sees. */
function runOf(cheat: (bars: BarSeries) => Strategy): LoggedRun {
  return (terms) => {
    const strategy = cheat(terms.series.get(STREAM)!.series);
    const slots = terms.setup.slots.map((slot) => ({ ...slot, strategy }));
    return loggedRun({ ...terms, setup: { ...terms.setup, slots } });
  };
}

/** Goes the way that the next bar goes. */
const peeks = (bars: BarSeries): Strategy => ({
  ...honest,
  decide: (context) => {
    const [leg] = context.legs;
    const now = bars.openMs.indexOf(leg.bars.openMs(0));
    const rises = (bars.close[now + 1] ?? 0) > bars.close[now]!;
    if (rises === (leg.position !== undefined)) return { hold: 'waits' };
    return {
      direction: rises ? 1 : 0,
      strength: 1,
      confidence: 1,
      holdingBars: 1,
      reason: 'knows',
      wishes: rises
        ? [{ kind: 'enter', leg: 0, side: 'buy', equityFraction: 0.1, style: { type: 'market' } }]
        : [{ kind: 'exit', leg: 0, style: { type: 'market' } }],
    };
  },
});

/** Its mean is over all bars that it can see, however many: it never forgets where the series began. */
const remembersAll = (): Strategy => ({
  ...honest,
  decide: (context) => {
    const { bars } = context.legs[0];
    let sum = 0;
    for (let ago = 0; ago < bars.count; ago++) sum += bars.close(ago);
    return { hold: bars.close(0) > sum / bars.count ? 'above_mean' : 'below_mean' };
  },
});

test('an honest strategy passes both checks, and trades while it does', () => {
  const terms = termsOf();
  assert.ok(runBacktest(terms).trades.length > 3);
  const lookahead = checkLookahead(terms, LOOKAHEAD, loggedRun);
  assert.deepEqual([lookahead.passed, lookahead.differences], [true, []]);
  assert.ok(lookahead.variants > 10 && lookahead.lines > 500);
  assert.equal(checkRecursive(terms, REACH, loggedRun).passed, true);
});

test('a strategy that looks at the next bar is caught, and the line is named', () => {
  const { passed, differences } = checkLookahead(termsOf(), LOOKAHEAD, runOf(peeks));
  assert.equal(passed, false);
  const [first] = differences;
  assert.ok(first && first.line > 0 && first.at_ms !== null);
  assert.notEqual(first.expected, first.actual);
  assert.ok(differences.some(({ variant }) => variant === 'noise'));
});

test('a strategy that never forgets is caught by the length of its warm-up', () => {
  const { passed, differences } = checkRecursive(termsOf(), REACH, runOf(remembersAll));
  assert.equal(passed, false);
  assert.ok(differences.some(({ variant }) => variant === 'warm_up_x1'));
});

test('the check wants four lookbacks of warm-up', () => assert.equal(recursiveWarmUp(25), 100));
