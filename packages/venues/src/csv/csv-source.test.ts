import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Timeframe } from '@aistock/market';
import { SourceError, type SourceErrorCode } from '../bar-source.ts';
import { csvSource, csvSourcesIn, type CsvSource, type CsvTerms } from './csv-source.ts';

const HEADER = 'timestamp,open,high,low,close,volume\n';
const rowsOf = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${i * 60_000},1,2,0.5,1.5,10\n`).join('');
const terms: CsvTerms = { calendarOf: () => 'always', nowMs: () => 1_700_000_000_000 };
const minute = { instrument: 'BTC/USDT', timeframe: '1m', sinceMs: undefined, limit: 10 } as const;

/** A new folder with these files in it; it goes when the test ends. */
async function folderOf(t: TestContext, files: Record<string, string | Uint8Array>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'venues-csv-'));
  t.after(() => rm(dir, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  return dir;
}

async function streamsOf(source: CsvSource): Promise<string[]> {
  return (await source.listStreams()).map(({ instrument, timeframe }) => `${instrument} ${timeframe}`);
}

async function fails(promise: Promise<unknown>, code: SourceErrorCode, line?: number): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof SourceError, String(error));
    assert.deepEqual([error.code, error.line], [code, line], error.message);
    return true;
  });
}

test('plain and gzipped files, in chunks, with the hash of the file', async (t) => {
  const text = HEADER + rowsOf(25);
  const dir = await folderOf(t, {
    'BTC-USDT/1m.csv': text,
    'BTC-USDT/5m.csv.gz': gzipSync(text),
    'BTC-USDT/1m.quote.csv': 'not bars',
    'BTC-USDT/2m.csv': text,
    'XRP-USDT_USDT/1d.csv': text,
    'BRK.B/1d.csv': text,
    'ETH-USDT.csv': text,
    'notes.txt': 'not a folder',
    'notes.csv': 'not an instrument',
    '.git/1m.csv': text,
  });
  const source = csvSource('csv', { dir }, { ...terms, timeframe: '4h' });
  assert.deepEqual(await streamsOf(source), [
    'BRK.B 1d',
    'BTC/USDT 1m',
    'BTC/USDT 5m',
    'ETH/USDT 4h',
    'XRP/USDT:USDT 1d',
  ]);
  const alone = await source.fetchBars({ ...minute, instrument: 'ETH/USDT', timeframe: '4h' });
  assert.equal(alone.provenance[0]!.origin, 'ETH-USDT.csv');
  for (const timeframe of ['1m', '5m'] as const) {
    const first = await source.fetchBars({ ...minute, timeframe });
    const last = await source.fetchBars({ ...minute, timeframe, sinceMs: 20 * 60_000 });
    assert.deepEqual([first.bars.length, first.more, last.bars.length, last.more], [10, true, 5, false]);
    assert.match(first.provenance[0]!.sha256, /^[0-9a-f]{64}$/);
    assert.equal(first.provenance[0]!.origin, `BTC-USDT/${timeframe}.csv${timeframe === '5m' ? '.gz' : ''}`);
  }
  assert.equal(await source.clockMs(), 1_700_000_000_000);
});

test('one file with its instrument and timeframe', async (t) => {
  const dir = await folderOf(t, {
    'prices.csv': 'date,open,high,low,close,volume\n2020-01-31,1,2,0.5,1.5,10\n',
  });
  const place = { file: join(dir, 'prices.csv'), instrument: 'SP500', timeframe: '1d' } as const;
  const source = csvSource('csv', place, { ...terms, calendarOf: () => 'xnys', tradesOnly: true });
  assert.deepEqual(await streamsOf(source), ['SP500 1d']);
  const { bars } = await source.fetchBars({ ...place, sinceMs: undefined, limit: 1 });
  assert.equal(bars[0]?.openMs, Date.parse('2020-01-31T05:00:00Z'));
  assert.equal(source.tradesOnly, true);
});

test('a folder of sources gives one source each', async (t) => {
  const text = HEADER + rowsOf(1);
  const dir = await folderOf(t, {
    'nfi-binance-spot/BTC-USDT/1m.csv': text,
    'lean-equity/SPY/1d.csv': text,
    'ETH-USDT/1m.csv': text,
    'empty/readme/hello.txt': 'nothing',
  });
  const sources = await csvSourcesIn(dir, terms);
  assert.deepEqual(await Promise.all(sources.map(async (source) => [source.name, await streamsOf(source)])), [
    ['csv', ['ETH/USDT 1m']],
    ['lean_equity', ['SPY 1d']],
    ['nfi_binance_spot', ['BTC/USDT 1m']],
  ]);
  const clash = await folderOf(t, { 'a-b/SPY/1d.csv': text, 'a_b/SPY/1d.csv': text });
  await fails(csvSourcesIn(clash, terms), 'malformed_data');
});

test('names from outside never become paths, and links are not followed', async (t) => {
  const outside = await folderOf(t, { 'BTC-USDT/1m.csv': HEADER + rowsOf(1) });
  const dir = await folderOf(t, { 'SPY/1d.csv': HEADER + rowsOf(1) });
  await symlink(join(outside, 'BTC-USDT'), join(dir, 'BTC-USDT'));
  await symlink(join(outside, 'BTC-USDT/1m.csv'), join(dir, 'SPY/1m.csv'));
  const source = csvSource('csv', { dir }, terms);
  for (const instrument of ['BTC/USDT', '../BTC-USDT', '..', 'SPY/..', 'SPY\0', '', '/etc']) {
    await fails(source.fetchBars({ ...minute, instrument }), 'unknown_instrument');
  }
  await fails(source.fetchBars({ ...minute, instrument: 'SPY' }), 'unknown_timeframe');
  const timeframe = '../SPY/1d' as Timeframe;
  await fails(source.fetchBars({ ...minute, instrument: 'SPY', timeframe }), 'unknown_timeframe');
});

test('a file that is no bars says on which line', async (t) => {
  const whole = gzipSync(HEADER + rowsOf(5000), { level: 0 });
  const bad: Record<string, [content: string | Uint8Array, line: number | undefined]> = {
    'A/1m.csv': ['', 1],
    'B/1m.csv.gz': ['', 1],
    'C/1m.csv': ['time,open\n', 1],
    'D/1m.csv': [`${HEADER}${rowsOf(2)}x,1,2,3,4,5\n`, 4],
    'E/1m.csv.gz': ['this is not gzip', 1],
    'F/1m.csv': [whole, 1],
    'G/1m.csv': [new Uint8Array([...Buffer.from(HEADER), 0xff, 0xfe]), 1],
  };
  const files = Object.entries(bad).map(([path, [content]]) => [path, content] as const);
  const dir = await folderOf(t, Object.fromEntries(files));
  const source = csvSource('csv', { dir }, terms);
  for (const [path, [, line]] of Object.entries(bad)) {
    await fails(source.fetchBars({ ...minute, instrument: path[0]! }), 'malformed_data', line);
  }
});

test('a truncated gzip is refused whole, a bomb before it is unpacked', async (t) => {
  const packed = gzipSync(HEADER + rowsOf(5000));
  const dir = await folderOf(t, {
    'CUT/1m.csv.gz': packed.subarray(0, packed.length - 20),
    'BOMB/1m.csv.gz': gzipSync(Buffer.alloc(50_000_000, '0')),
  });
  const source = csvSource('csv', { dir }, { ...terms, textBytesMax: 1_000_000 });
  await assert.rejects(source.fetchBars({ ...minute, instrument: 'CUT' }), (error) => {
    assert.ok(error instanceof SourceError);
    assert.match(error.message, /CUT\/1m.csv.gz: .*after line [1-9]/);
    assert.deepEqual(error.bytes, packed.subarray(0, packed.length - 20), 'to be kept with its reason');
    return true;
  });
  await assert.rejects(
    source.fetchBars({ ...minute, instrument: 'BOMB' }),
    (error) => error instanceof SourceError && error.code === 'malformed_data',
  );
  const long = csvSource(
    'csv',
    { dir: await folderOf(t, { 'LONG/1m.csv': HEADER + rowsOf(500) }) },
    {
      ...terms,
      textBytesMax: 5000,
    },
  );
  await assert.rejects(long.fetchBars({ ...minute, instrument: 'LONG' }), /more than 5000 bytes/);
});

test('a file is read again when it has changed, and only then', async (t) => {
  const dir = await folderOf(t, { 'BTC-USDT/1m.csv': HEADER + rowsOf(5) });
  const path = join(dir, 'BTC-USDT/1m.csv');
  const source = csvSource('csv', { dir }, terms);
  const first = await source.fetchBars(minute);
  const again = await source.fetchBars(minute);
  assert.equal(again.bars[0], first.bars[0], 'the very same objects');
  await writeFile(path, HEADER + rowsOf(8));
  assert.equal((await source.fetchBars(minute)).bars.length, 8);
  await truncate(path, 10);
  await fails(source.fetchBars(minute), 'malformed_data', 1);
  await writeFile(path, HEADER + rowsOf(8));
  await utimes(path, 1, 1);
  assert.equal((await source.fetchBars(minute)).bars.length, 8);
});

test('what cannot be read is unreachable', async (t) => {
  const dir = await folderOf(t, {});
  await fails(csvSource('csv', { dir: join(dir, 'none') }, terms).fetchBars(minute), 'source_unreachable');
  const file = join(dir, 'none.csv');
  const place = { file, instrument: 'BTC/USDT', timeframe: '1m' } as const;
  await fails(csvSource('csv', place, terms).fetchBars(minute), 'source_unreachable');
  await fails(csvSource('csv', { ...place, file: dir }, terms).fetchBars(minute), 'source_unreachable');
});

test('two files of one stream are not chosen between', async (t) => {
  const text = HEADER + rowsOf(1);
  const dir = await folderOf(t, { 'BTC-USDT/1m.csv': text, 'BTC-USDT/1m.csv.gz': gzipSync(text) });
  await fails(csvSource('csv', { dir }, terms).fetchBars(minute), 'malformed_data');
});
