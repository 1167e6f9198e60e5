import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsvBars } from '../csv/csv-bars.ts';
import { onMarketData, readMarketData } from '../../test/market-data.ts';
import { dailyOpenMs } from '../calendar.ts';
import { adjustBars, type AdjustmentMode } from './adjust-bars.ts';
import { parseFactorFile } from './factor-file.ts';

/** The last day of the Yahoo files below: their prices are in the shares of that day. */
const SNAPSHOT_MS = Date.UTC(2017, 8, 2);

test('two rows tell what happened between them', () => {
  const steps = parseFactorFile(
    '19980102,0.8,0.25,1\n20200106,0.8,0.25,400\n20200205,0.9,1,100\r\n20501231,1,1,0\n',
  );
  assert.deepEqual(
    steps.map(({ exOpenMs }) => new Date(exOpenMs).toISOString()),
    ['2020-01-07T05:00:00.000Z', '2020-02-06T05:00:00.000Z'],
  );
  assert.equal(steps[0]!.split.of * 4n, steps[0]!.split.by);
  assert.deepEqual(steps[1]!.split, { of: 1n, by: 1n });
  assert.equal(steps[1]!.dividend.of * 10n, steps[1]!.dividend.by * 9n);
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
    assert.throws(() => parseFactorFile(`19980102,1,1,1\n${bad}`), /line 2/, bad);
  assert.throws(() => parseFactorFile('20200102,1,1,1\n20200101,1,1,1'), RangeError);
});

test('every split of the list is in the factor file of its symbol', onMarketData, () => {
  const rows = readMarketData('fixtures/lean/splits.csv').trim().split('\n').slice(1);
  assert.equal(rows.length, 10);
  for (const row of rows) {
    const [symbol = '', day = '', , , ratio] = row.split(',');
    const steps = parseFactorFile(readMarketData(`fixtures/lean/factor_files/${symbol.toLowerCase()}.csv`));
    const dayMs = Date.parse(day.replace(/(\d{4})(\d{2})(\d{2})/, '$1-$2-$3'));
    const step = steps.find(({ exOpenMs }) => exOpenMs === dailyOpenMs(dayMs + 86_400_000, 'xnys'));
    assert.ok(step, row);
    assert.ok(Math.abs(Number(step.split.by) / Number(step.split.of) - Number(ratio)) < 1e-5, row);
  }
});

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
  const steps = parseFactorFile(readMarketData(`fixtures/lean/factor_files/${symbol.toLowerCase()}.csv`));
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
  const steps = parseFactorFile(readMarketData('fixtures/lean/factor_files/aapl.csv'));
  const yahoo = closesOf('bars/stocknet-yahoo/AAPL/1d.csv.gz', 'close');
  const adjusted = adjustBars(raw, steps, { mode: 'split', asOfMs: Date.UTC(2021, 0) });
  const shared = adjusted.filter(({ openMs }) => yahoo.has(openMs));
  assert.equal(shared.length, DAYS);
  for (const { openMs, close } of shared)
    assert.ok(Math.abs((4 * Number(close)) / yahoo.get(openMs)! - 1) < CLOSES_DIFFER_MAX);
});
