import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsvBars } from '../csv/csv-bars.ts';
import { onMarketData, readMarketData } from '../../test/market-data.ts';
import { dailyOpenMs } from '../calendar.ts';
import type { Bar } from '../bar.ts';
import { actionSteps } from './action-steps.ts';
import { adjustBars, type AdjustmentMode, type AdjustmentStep } from './adjust-bars.ts';
import type { CorporateAction } from './corporate-action.ts';
import { parseFactorFile } from './factor-file.ts';

/** The last day of the Yahoo files below: their prices are in the shares of that day. */
const SNAPSHOT_MS = Date.UTC(2017, 8, 2);

test('two rows tell what happened between them', () => {
  const rows = '19980102,0.8,0.25,1\n20200106,0.8,0.25,400\n20200205,0.9,1,100\r\n20501231,1,1,0\n';
  assert.deepEqual(parseFactorFile(rows, 'xnys'), [
    { kind: 'split', exOpenMs: Date.UTC(2020, 0, 7, 5), newShares: '1', oldShares: '0.25' },
    { kind: 'dividend', exOpenMs: Date.UTC(2020, 0, 7, 5), amount: '44.444444' },
    { kind: 'dividend', exOpenMs: Date.UTC(2020, 1, 6, 5), amount: '10' },
  ]);
  assert.deepEqual(parseFactorFile('20501231,1,1,0\n', 'xnys'), []);
});

test('a line that is no row of factors is named', () => {
  for (const bad of [
    'x',
    '20200101',
    '20200101,1',
    '20201301,1,1,0',
    '20200101,0,1,0',
    '20200101,1,-1,0',
    '20200101,1,1,0,5',
  ])
    assert.throws(() => parseFactorFile(`19980102,1,1,1\n${bad}`, 'xnys'), /line 2/, bad);
  assert.throws(() => parseFactorFile('20200102,1,1,1\n20200101,1,1,1', 'xnys'), RangeError);
  assert.throws(() => parseFactorFile('20200101,1,1,1\n20200102,0.5,1,1', 'xnys'), RangeError);
});

function actionsOf(symbol: string): CorporateAction[] {
  return parseFactorFile(readMarketData(`fixtures/lean/factor_files/${symbol.toLowerCase()}.csv`), 'xnys');
}

test('every split of the list is in the factor file of its symbol', onMarketData, () => {
  const rows = readMarketData('fixtures/lean/splits.csv').trim().split('\n').slice(1);
  assert.equal(rows.length, 10);
  for (const row of rows) {
    const [symbol = '', day = '', , , ratio] = row.split(',');
    const dayMs = Date.parse(day.replace(/(\d{4})(\d{2})(\d{2})/, '$1-$2-$3'));
    const exOpenMs = dailyOpenMs(dayMs + 86_400_000, 'xnys');
    const split = actionsOf(symbol).find((each) => each.kind === 'split' && each.exOpenMs === exOpenMs);
    assert.ok(split?.kind === 'split', row);
    assert.ok(Math.abs(Number(split.newShares) / Number(split.oldShares) - Number(ratio)) < 1e-5, row);
  }
});

function stepsOf(symbol: string, raw: readonly Bar[]): AdjustmentStep[] {
  const closeBefore = (ms: number) => raw.findLast(({ openMs }) => openMs < ms)?.close;
  return actionSteps(actionsOf(symbol), closeBefore);
}

function closesOf(path: string, column: 'close' | 'adj_close'): Map<number, number> {
  const [header = '', ...lines] = readMarketData(path).trim().split('\n');
  const index = header.trim().split(',').indexOf(column);
  return new Map(
    lines.map((line) => line.split(',')).map((cells) => [Number(cells[0]), Number(cells[index])]),
  );
}

const DAYS = 1_258;

/** Our closes and those of Yahoo, day by day, over the days that both have. */
function pairs(symbol: string, mode: AdjustmentMode): { ours: number; theirs: number }[] {
  const raw = parseCsvBars(readMarketData(`bars/lean-equity/${symbol}/1d.csv.gz`), { calendar: 'xnys' });
  const steps = stepsOf(symbol, raw);
  const [file, column] =
    mode === 'total' ? (['1d.adjclose', 'adj_close'] as const) : (['1d', 'close'] as const);
  const yahoo = closesOf(`bars/stocknet-yahoo/${symbol}/${file}.csv.gz`, column);
  const seen = raw.filter(({ openMs }) => openMs < SNAPSHOT_MS);
  const found = adjustBars(seen, steps, { mode, asOfMs: SNAPSHOT_MS }).flatMap(({ openMs, close }) => {
    const theirs = yahoo.get(openMs);
    return theirs === undefined ? [] : [{ ours: Number(close), theirs }];
  });
  assert.equal(found.length, DAYS);
  return found;
}

/** The two tell the closing auction differently by up to that; a forgotten split or dividend is far more. */
const CLOSES_DIFFER_MAX = 0.004;
/** Dividends come off a close, so that where the closes differ the factors do; most at a low price. */
const FACTORS_DIFFER_MAX = { AAPL: 0.0004, BAC: 0.001, FB: 1e-12 };

for (const [symbol, factorsDifferMax] of Object.entries(FACTORS_DIFFER_MAX))
  test(`closes of ${symbol} as of 2017 are those of Yahoo, with dividends and without`, onMarketData, () => {
    const [split, total] = [pairs(symbol, 'split'), pairs(symbol, 'total')];
    for (const { ours, theirs } of [...split, ...total])
      assert.ok(Math.abs(ours / theirs - 1) < CLOSES_DIFFER_MAX, `${ours} ${theirs}`);
    for (const [day, { ours, theirs }] of total.entries()) {
      const [ourFactor, theirFactor] = [ours / split[day]!.ours, theirs / split[day]!.theirs];
      assert.ok(Math.abs(ourFactor / theirFactor - 1) < factorsDifferMax, `${ourFactor} ${theirFactor}`);
    }
  });

test('as of 2021 the same closes are those of Yahoo over the split of 2020', onMarketData, () => {
  const raw = parseCsvBars(readMarketData('bars/lean-equity/AAPL/1d.csv.gz'), { calendar: 'xnys' });
  const steps = stepsOf('AAPL', raw);
  const yahoo = closesOf('bars/stocknet-yahoo/AAPL/1d.csv.gz', 'close');
  const adjusted = adjustBars(raw, steps, { mode: 'split', asOfMs: Date.UTC(2021, 0) });
  const shared = adjusted.filter(({ openMs }) => yahoo.has(openMs));
  assert.equal(shared.length, DAYS);
  for (const { openMs, close } of shared)
    assert.ok(Math.abs((4 * Number(close)) / yahoo.get(openMs)! - 1) < CLOSES_DIFFER_MAX);
});
