import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CsvError } from '@aistock/market';
import { seriesOf } from './bar-series.ts';
import { csvSeries } from './csv-series.ts';

const bar = (minute: number, close = '1') => ({
  openMs: minute * 60_000,
  open: '1',
  high: '2',
  low: '0.5',
  close,
  volume: '3',
});

test('given bars are put in order, one a time, whole', () => {
  const series = seriesOf([bar(3), bar(1), bar(1, '2'), bar(2, 'NaN')], '1m');
  assert.deepEqual([series.barAt(0), series.barAt(1), series.length], [bar(1), bar(3), 2]);
  assert.deepEqual(
    [0, 60_000, 60_001, 180_000, 180_001].map((ms) => series.firstAt(ms)),
    [0, 0, 1, 1, 2],
  );
  assert.throws(() => series.barAt(2), RangeError);
  assert.throws(() => seriesOf([bar(1, 'NaN')], '1m'), RangeError);
});

test('a file of the csv source is a series, packed or not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'venue-sim-'));
  try {
    const text = 'timestamp,open,high,low,close,volume\n60000,1,2,0.5,1,3\n120000,1,2,0.5,1.50,3\n';
    await writeFile(join(folder, 'bars.csv'), text);
    await writeFile(join(folder, 'bars.csv.gz'), gzipSync(text));
    await writeFile(join(folder, 'bad.csv'), `${text}oops\n`);
    const options = { timeframe: '1m', calendar: 'always' } as const;
    for (const name of ['bars.csv', 'bars.csv.gz']) {
      const series = await csvSeries(join(folder, name), options);
      assert.deepEqual([series.barAt(0), series.barAt(1)], [bar(1), bar(2, '1.5')]);
    }
    await assert.rejects(csvSeries(join(folder, 'bad.csv'), options), CsvError);
    await assert.rejects(csvSeries(join(folder, 'none.csv'), options), { code: 'ENOENT' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
