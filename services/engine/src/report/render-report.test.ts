import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PointFigures, StudyResult } from '@aistock/shared';
import { BarSeries } from '@aistock/trading/bars';
import { renderReport } from './index.ts';
import { reportOf } from './report.fixture.ts';

const HOSTILE = '"><script>alert(1)</script>';
const SIZE_MAX_BYTES = 2_000_000;

const FIGURES: PointFigures = {
  equity_end: '1',
  return_total: 0.25,
  cagr: null,
  sharpe: null,
  sortino: null,
  calmar: null,
  drawdown_max: 0.125,
  profit_factor: null,
  trades: 7,
  hit_rate: null,
  exposure: 0.5,
  fees: '0',
  trades_sha256: '0'.repeat(64),
};

/** Nothing that a figure without a value could have left behind. */
function assertSound(page: string): void {
  assert.doesNotMatch(page, /NaN|Infinity|undefined|\bnull\b|\[object/);
  assert.doesNotMatch(page, /<script|\sstyle=|\son\w+=|https?:\/\//, 'nothing runs and nothing is fetched');
}

test('a report of a million bars and ten thousand trades is a page below two megabytes', () => {
  const page = renderReport(reportOf(1_051_200, 10_000));
  assert.ok(Buffer.byteLength(page) < SIZE_MAX_BYTES, String(Buffer.byteLength(page)));
  assertSound(page);
});

test('a report of one bar, without trades, bars to draw or anything to draw from', () => {
  const page = renderReport(
    reportOf(1, 0, { charts: [{ stream: 's', instrument: 'BTC/USDT', bars: new BarSeries(), regimes: [] }] }),
  );
  assertSound(page);
  assert.match(page, /There are too few trades and days to draw from/);
});

test('what others named is shown, and nothing of it runs', () => {
  const input = reportOf(2_000, 2);
  const page = renderReport({
    ...input,
    currency: HOSTILE,
    slots: [
      {
        id: HOSTILE,
        strategy: HOSTILE,
        streams: [HOSTILE],
        params: { [HOSTILE]: 1 },
        modelUse: HOSTILE,
        modelId: HOSTILE,
      },
    ],
    charts: [{ ...input.charts[0]!, stream: HOSTILE, instrument: HOSTILE }],
    trades: input.trades.map((trade) => ({
      ...trade,
      instrument: HOSTILE,
      slot: HOSTILE,
      quantity: HOSTILE,
    })),
    reasons: { [HOSTILE]: 1 },
    denials: { [HOSTILE]: 1 },
    run: { ...input.run, codeVersion: HOSTILE, dataSha256: { [HOSTILE]: HOSTILE } },
    warnings: [{ code: 'no_limits', severity: 'note', detail: HOSTILE, numbers: {} }],
  });
  assert.doesNotMatch(page, /<script/);
  assert.match(page, /&quot;&gt;&lt;script&gt;/);
});

test('the figures that are looked at first are there', () => {
  const page = renderReport(reportOf(20_000, 5));
  for (const told of [
    'Trend following on BTC/USDT',
    'Warning: no limits',
    'no breakout',
    '90.0 %',
    'bought',
    'seed',
  ])
    assert.ok(page.toLowerCase().includes(told.toLowerCase()), told);
  assert.equal(page.match(/<path class="buy"/g)?.length, 6, 'five entries and the key');
});

const FOLD = {
  train_from_ms: 0,
  train_to_ms: 1,
  test_from_ms: Date.UTC(2024, 1, 3),
  test_to_ms: Date.UTC(2024, 2, 3),
  params: { bars: 20 },
  train: FIGURES,
  test: FIGURES,
};
const STUDIES: readonly { readonly study: StudyResult; readonly shown: RegExp }[] = [
  {
    study: {
      type: 'sweep',
      criterion: 'sharpe',
      combinations: 9,
      points: [33, 44].map((bars) => ({ params: { bars, same: 7 }, figures: FIGURES })),
      plateau: { neighbours: 8, median: 0.5, worst: -0.25, near_share: 0.75 },
      overfitting: { probability: 0.3, loss_probability: 0.1, slope: null, splits: 12_870 },
    },
    shown: /overfitting: 30\.0 %[\S\s]*>bars 33<[\S\s]*\+25\.0 %/,
  },
  {
    study: { type: 'walk_forward', criterion: 'sharpe', combinations: 9, folds: [FOLD], efficiency: null },
    shown: /2024-02-03 to 2024-03-03/,
  },
  {
    study: {
      type: 'scenarios',
      scenarios: [{ name: 'fee_2', description: 'Fees twice as high.', figures: FIGURES }],
    },
    shown: /Fees twice as high\./,
  },
  {
    study: {
      type: 'lookahead',
      passed: false,
      variants: 2,
      lines: 10,
      differences: [{ variant: 'cut', at_ms: 0, line: 7, expected: 'a', actual: null }],
    },
    shown: /<b>Yes<\/b>[\S\s]*nothing/,
  },
];

for (const { study, shown } of STUDIES)
  test(`a report shows what a study of type ${study.type} found`, () => {
    const page = renderReport(reportOf(3_000, 3, { study }));
    assert.match(page, shown);
    assertSound(page);
  });
