import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backtestingPyFigures } from './backtesting-py.ts';
import { alphaAndBeta } from './benchmark-figures.ts';
import { closedTrade } from './closed-trade.fixture.ts';
import { costFigures } from './cost-figures.ts';
import { drawdownFigures } from './drawdown.ts';
import { covariance, deviation, kurtosisExcess, skewness } from './moments.ts';
import { compoundAnnualGrowth, sharpeAnnual, sortinoAnnual, volatilityAnnual } from './return-figures.ts';
import { tailRisk } from './tail-risk.ts';
import { tradeFigures } from './trade-figures.ts';

const DAY_MS = 86_400_000;
const row = (...values: number[]) => Float64Array.from(values);
function close(actual: number | null, expected: number, tolerance = 1e-12): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

/** The 24 months of Bacon, Practical Portfolio Performance Measurement and Attribution (2008). */
const BACON = Float64Array.from([
  0.003, 0.026, 0.011, -0.01, 0.015, 0.025, 0.016, 0.067, -0.014, 0.04, -0.005, 0.081, 0.04, -0.037, -0.061,
  0.017, -0.049, -0.022, 0.07, 0.058, -0.065, 0.024, -0.005, -0.009,
]);

test("Bacon's months have the figures that ffn and PerformanceAnalytics publish for them", () => {
  close(sharpeAnnual(BACON, 12), 0.7883202548144859);
  close(sortinoAnnual(BACON, 12), 1.3592165786838633);
  const equity = row(1, ...BACON);
  for (let month = 1; month < equity.length; month++)
    equity[month] = equity[month - 1]! * (1 + BACON[month - 1]!);
  const fromMs = Date.UTC(1999, 11, 31);
  const toMs = Date.UTC(2001, 11, 31);
  const growth = compoundAnnualGrowth(1, equity.at(-1)!, toMs - fromMs);
  close(growth, 0.10360382151099112);
  const { max } = drawdownFigures({ atMs: equity.map((_, month) => month), equity });
  close(max, 0.144672955739218);
  close(growth! / max, 0.7161243162664309);
});

test('mixed days have the figures that empyrical publishes for them', () => {
  const days = row(0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1);
  close(sharpeAnnual(days, 252), 1.7238613961706866);
  close(volatilityAnnual(days, 252), 0.9136465399704637);
});

test('moments of a small sample are those of pandas and Excel', () => {
  const values = row(1, 2, 3, 4, 10);
  close(deviation(values), Math.sqrt(12.5));
  close(skewness(values), 1.6970562748477143);
  close(kurtosisExcess(values), 3.152);
  close(covariance(row(1, 2, 3), row(2, 4, 7)), 2.5);
});

test('figures of what does not differ, or is too short, are not defined', () => {
  const same = row(0.1, 0.1, 0.1, 0.1);
  assert.equal(sharpeAnnual(same, 252), null);
  assert.equal(skewness(same), null);
  assert.equal(kurtosisExcess(same), null);
  assert.equal(sharpeAnnual(row(0.1), 252), null);
  assert.equal(sharpeAnnual(row(), 252), null);
  assert.equal(sortinoAnnual(row(0.01, 0.02), 252), null, 'without a loss');
  assert.equal(compoundAnnualGrowth(0, 1, DAY_MS), null);
  assert.equal(compoundAnnualGrowth(1, -1, DAY_MS), null);
  assert.equal(compoundAnnualGrowth(1, 0, DAY_MS), -1, 'everything was lost');
  assert.equal(compoundAnnualGrowth(1, 10, 1), null, 'beyond all numbers');
});

test('drawdowns run from peak to recovery, and the last one to the end', () => {
  const equity = row(100, 120, 90, 120, 130, 117, 104, 110);
  const atMs = equity.map((_, day) => day * DAY_MS);
  const figures = drawdownFigures({ atMs, equity });
  close(figures.max, 0.25);
  close(figures.average, (0.25 + 0.2) / 2);
  assert.equal(figures.count, 2);
  assert.equal(figures.longestMs, 3 * DAY_MS);
  assert.equal(figures.averageMs, 2.5 * DAY_MS);
  assert.equal(figures.openAtEnd, true);
  const rising = drawdownFigures({ atMs: row(0, 1), equity: row(1, 2) });
  assert.deepEqual(rising, {
    max: 0,
    longestMs: 0,
    average: null,
    averageMs: null,
    count: 0,
    openAtEnd: false,
  });
});

test('a drawdown is never shallower than any fall from an earlier value', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }),
      (values) => {
        const { max } = drawdownFigures({ atMs: Float64Array.from(values.keys()), equity: row(...values) });
        const falls = values.flatMap((peak, index) => values.slice(index).map((value) => 1 - value / peak));
        close(max, Math.max(0, ...falls));
      },
    ),
  );
});

test('the tail of twenty days is one day, and of fewer there is none', () => {
  const days = Float64Array.from({ length: 20 }, (_, day) => (day - 10) / 100);
  const { valueAtRisk, expectedShortfall } = tailRisk(days, 0.95);
  close(valueAtRisk, 0.0905);
  close(expectedShortfall, 0.1);
  close(tailRisk(days, 0.9).expectedShortfall, 0.095);
  close(tailRisk(row(...days, -0.2), 0.95).expectedShortfall, (0.2 + 0.05 * 0.1) / 1.05);
  assert.deepEqual(tailRisk(days.subarray(1), 0.95), { valueAtRisk: null, expectedShortfall: null });
});

test('the mean of the tail is never milder than where the tail begins', () => {
  const days = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(days, (values) => {
      const { valueAtRisk, expectedShortfall } = tailRisk(row(...values), 0.95);
      assert.ok(expectedShortfall! >= valueAtRisk! - 1e-12);
    }),
  );
});

test('trades: two of three win', () => {
  const trades = [
    closedTrade({ pnl: '30', reward: 0.3, exitMs: DAY_MS }),
    closedTrade({ pnl: '-20', reward: -0.2, exitMs: 2 * DAY_MS }),
    closedTrade({ pnl: '10', reward: 0.1, exitMs: 6 * DAY_MS }),
  ];
  const figures = tradeFigures(trades);
  close(figures.hitRate, 2 / 3);
  close(figures.profitFactor, 2);
  close(figures.expectancy, 20 / 3);
  close(figures.expectancyReturn, 0.2 / 3);
  close(figures.averageGeometric, (1.3 * 0.8 * 1.1) ** (1 / 3) - 1);
  close(figures.kelly, 2 / 3 - 1 / 3 / (20 / 20));
  close(figures.sqn, (Math.sqrt(3) * (20 / 3)) / deviation(row(30, -20, 10))!);
  close(figures.bestShareOfProfits, 0.75);
  assert.equal(figures.durationMaxMs, 6 * DAY_MS);
  assert.equal(figures.durationAverageMs, 3 * DAY_MS);
  assert.equal(figures.lossesInARow, 1);
  const broughtNothing = closedTrade({ pnl: '0' });
  assert.equal(tradeFigures([...trades.slice(0, 2), broughtNothing, trades[2]!]).lossesInARow, 2);
});

test('without trades, and without losses, figures of them are not defined', () => {
  const none = tradeFigures([]);
  const { count, wins, losses, lossesInARow, ...rest } = none;
  assert.deepEqual([count, wins, losses, lossesInARow], [0, 0, 0, 0]);
  assert.ok(
    Object.values(rest).every((value) => value === null),
    JSON.stringify(rest),
  );
  const winners = tradeFigures([
    closedTrade({ pnl: '1', reward: 0.1 }),
    closedTrade({ pnl: '1', reward: 0.1 }),
  ]);
  assert.deepEqual([winners.profitFactor, winners.kelly, winners.sqn], [null, null, null]);
});

test('costs are told against the profit before them', () => {
  const totals = { fees: '20', slippage: '10', funding: '-5', turnover: '50000' };
  const figures = costFigures(totals, { atMs: row(0, 365.25 * DAY_MS), equity: row(1000, 1025) });
  assert.deepEqual(figures, {
    total: 25,
    shareOfGrossProfit: 0.5,
    bpsOfTurnover: 5,
    turnoverAnnual: 50_000 / 1012.5,
  });
  const losing = costFigures(totals, { atMs: row(0, DAY_MS), equity: row(1000, 900) });
  assert.equal(losing.shareOfGrossProfit, null);
});

test('a strategy that is the market twice has beta 2 and no alpha', () => {
  const market = row(0.01, -0.02, 0.03);
  const { alpha, beta } = alphaAndBeta(
    market.map((value) => 2 * value + 0.001),
    market,
    100,
  );
  close(beta, 2);
  close(alpha, 0.1);
  assert.deepEqual(alphaAndBeta(market, row(0, 0, 0), 100), { alpha: null, beta: null });
});

test('an account that was lost has no compounded figures', () => {
  const figures = backtestingPyFigures({
    dailyReturns: row(0.1, -1),
    periodsPerYear: 252,
    drawdownMax: 1,
    rewards: row(),
    equity: row(1, 1.1, 0),
    benchmark: null,
    totalReturn: -1,
    buyAndHold: null,
  });
  assert.ok(
    Object.values(figures).every((value) => value === null),
    JSON.stringify(figures),
  );
});
