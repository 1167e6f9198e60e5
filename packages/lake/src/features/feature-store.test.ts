import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ask, withDuck } from '../duck.ts';
import { nodeDisk, type Disk } from '../files/disk.ts';
import { folderLake } from '../files/folder-lake.ts';
import { partsAsOf } from './feature-manifest.ts';
import { featurePartPath, periodBounds, periodOf } from './feature-part.ts';
import { FeatureStore } from './feature-store.ts';
import type { NewFeaturePart } from './write-part.ts';

const STREAM = 'binance:BTC/USDT:1m';
const MINUTE_MS = 60_000;
const FEATURES = [
  { name: 'return_log', version: 1 },
  { name: 'rsi_14', version: 3 },
];
const ALL = { fromMs: 0, toMs: 8.64e15, names: ['return_log', 'rsi_14'] };

let folder: string;
let store: FeatureStore;
let lakes: string;
before(async () => (lakes = await mkdtemp(join(tmpdir(), "aistock feature's-"))));
after(() => rm(lakes, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(lakes, 'lake-'));
  store = new FeatureStore(folderLake(folder));
});

const oddValue = (row: number): number =>
  [Number.NaN, 5e-324, 1 / 3, -1e300, 0.1 + row, Number.MAX_VALUE][row % 6]!;

function part(period: string, count: number, more: Partial<NewFeaturePart> = {}): NewFeaturePart {
  const openMs = Float64Array.from(
    { length: count },
    (_, row) => periodBounds(period).fromMs + row * MINUTE_MS,
  );
  return {
    stream: STREAM,
    period,
    features: FEATURES,
    inputsSha256: 'a'.repeat(64),
    revisedMs: 0,
    state: `{"of":"${period}'s ${count}"}`,
    rows: { openMs, columns: [openMs.map((_, row) => oddValue(row)), openMs.map((_, row) => row)] },
    ...more,
  };
}

test('what was written is read, bit for bit, and a state is what it was', async () => {
  const [may, june] = [part('2024-05', 5_000), part('2024-06', 7)];
  const first = await store.write(undefined, may);
  await store.write(first, june);
  const manifest = await store.manifest(STREAM);
  assert.deepEqual(manifest!.features, FEATURES);
  assert.deepEqual(
    manifest!.parts.map(({ period, rows, lastOpenMs }) => ({ period, rows, lastOpenMs })),
    [may, june].map(({ period, rows: { openMs } }) => ({
      period,
      rows: openMs.length,
      lastOpenMs: openMs.at(-1),
    })),
  );
  const rows = await store.rows(manifest!.parts, ALL);
  assert.deepEqual([...rows.openMs], [...may.rows.openMs, ...june.rows.openMs]);
  assert.deepEqual([...rows.columns[0]!], [...may.rows.columns[0]!, ...june.rows.columns[0]!]);
  assert.deepEqual([...rows.columns[1]!], [...may.rows.columns[1]!, ...june.rows.columns[1]!]);
  assert.equal(await store.state(manifest!.parts[0]!), may.state);
});

test('a range of some features, in the order that was asked for', async () => {
  const { parts } = await store.write(undefined, part('2024-05', 100));
  const fromMs = periodBounds('2024-05').fromMs + 10 * MINUTE_MS;
  const { openMs, columns } = await store.rows(parts, {
    fromMs,
    toMs: fromMs + 2 * MINUTE_MS,
    names: ['rsi_14'],
  });
  assert.deepEqual([...openMs], [fromMs, fromMs + MINUTE_MS]);
  assert.deepEqual([...columns[0]!], [10, 11]);
  assert.equal((await store.rows(parts, { ...ALL, toMs: 5 })).openMs.length, 0);
});

test('others read the folder as one table, by its folders too', async () => {
  await store.write(undefined, part('2024-05', 30));
  const rows = await withDuck((connection) =>
    ask(
      connection,
      `SELECT instrument, timeframe, month::VARCHAR AS month, count(*) AS rows FROM read_parquet('${folder.replaceAll("'", "''")}/features/**/*.parquet', hive_partitioning = true) GROUP BY ALL`,
    ),
  );
  assert.deepEqual(rows, [{ instrument: 'BTC-USDT', timeframe: '1m', month: '2024-05', rows: 30n }]);
});

test('nothing was written: no manifest; and a damaged one is refused', async () => {
  assert.equal(await store.manifest(STREAM), undefined);
  const manifest = await store.write(undefined, part('2024-05', 3));
  const path = join(folder, 'features/source=binance/instrument=BTC-USDT/timeframe=1m/_manifest.json');
  const elsewhere = { ...manifest.parts[0]!, path: '../../etc/passwd' };
  for (const text of [
    '{',
    '[]',
    '{"format":"features/2"}',
    JSON.stringify({ format: 'features/1', ...manifest, stream: 'binance:ETH/USDT:1m' }),
    JSON.stringify({ format: 'features/1', ...manifest, parts: [{ ...manifest.parts[0], rows: 'many' }] }),
    JSON.stringify({ format: 'features/1', ...manifest, parts: [elsewhere] }),
  ]) {
    await writeFile(path, text);
    await assert.rejects(store.manifest(STREAM), { name: 'LakeFileError', kind: 'corrupt' }, text);
  }
});

test('a part that lost bytes, or is gone, is refused', async () => {
  const { parts } = await store.write(undefined, part('2024-05', 3));
  assert.equal(await store.findDamaged(parts), undefined);
  await truncate(join(folder, parts[0]!.path), 100);
  assert.equal(await store.findDamaged(parts), parts[0]);
  await assert.rejects(store.rows(parts, ALL), { kind: 'corrupt' });
  await rm(join(folder, parts[0]!.path));
  assert.equal(await store.findDamaged(parts), parts[0]);
  await assert.rejects(store.rows(parts, ALL), { kind: 'missing' });
});

test('a writer that dies before the manifest leaves all as it was, and the next one clears up', async () => {
  const manifest = await store.write(undefined, part('2024-05', 3));
  const dying: Disk = {
    ...nodeDisk,
    rename: async (from, to) => {
      if (to.endsWith('_manifest.json')) throw new Error('killed');
      await nodeDisk.rename(from, to);
    },
    remove: async () => undefined,
  };
  const other = new FeatureStore(folderLake(folder, dying));
  await assert.rejects(other.write(manifest, part('2024-05', 9)), /killed/);
  assert.deepEqual(await store.manifest(STREAM), manifest);
  assert.equal((await store.rows(manifest.parts, ALL)).openMs.length, 3);
  // The part that nothing names, and the manifest that never came to its name.
  assert.equal(await store.removeUnnamed(STREAM, manifest), 2);
  assert.equal(await store.removeUnnamed(STREAM, manifest), 0);
  assert.equal((await store.rows(manifest.parts, ALL)).openMs.length, 3);
});

test('a part that was extended goes with the next writer, not with this one', async () => {
  const first = await store.write(undefined, part('2024-05', 3));
  const second = await store.write(first, part('2024-05', 5));
  assert.equal((await store.rows(first.parts, ALL)).openMs.length, 3);
  assert.deepEqual(second.superseded, []);
  assert.equal(await store.removeUnnamed(STREAM, second), 1);
  assert.equal((await store.rows(second.parts, ALL)).openMs.length, 5);
});

test('a restated month replaces itself and all after it, and the past is answered as it was', async () => {
  let manifest = await store.write(undefined, part('2024-04', 3));
  manifest = await store.write(manifest, part('2024-05', 3));
  manifest = await store.write(manifest, part('2024-06', 3));
  const learnedMs = Date.UTC(2024, 6, 1);
  const restated = part('2024-05', 3, { revisedMs: learnedMs, inputsSha256: 'b'.repeat(64) });
  manifest = await store.write(manifest, { ...restated, state: '{}' });
  assert.deepEqual(
    manifest.parts.map(({ period, revisedMs }) => [period, revisedMs]),
    [
      ['2024-04', 0],
      ['2024-05', learnedMs],
    ],
  );
  assert.deepEqual(
    partsAsOf(manifest, learnedMs - 1).map(({ period, revisedMs }) => [period, revisedMs]),
    [
      ['2024-04', 0],
      ['2024-05', 0],
      ['2024-06', 0],
    ],
  );
  manifest = await store.write(manifest, part('2024-06', 3, { revisedMs: learnedMs }));
  assert.deepEqual(
    partsAsOf(manifest, learnedMs).map(({ revisedMs }) => revisedMs),
    [0, learnedMs, learnedMs],
  );
  assert.equal(await store.removeUnnamed(STREAM, manifest), 0);
  const then = await store.rows(partsAsOf(manifest, learnedMs - 1), ALL);
  assert.equal(then.openMs.length, 9);
});

test('a month whose bars were all taken back goes with the next part that is written', async () => {
  let manifest = await store.write(undefined, part('2024-04', 3));
  manifest = await store.write(manifest, part('2024-05', 3));
  manifest = await store.write(manifest, part('2024-06', 3));
  manifest = await store.write(manifest, part('2024-06', 4), '2024-04');
  assert.deepEqual(
    manifest.parts.map(({ period, rows }) => [period, rows]),
    [
      ['2024-04', 3],
      ['2024-06', 4],
    ],
  );
});

test('of a month that is restated again and again, the last twelve earlier ones are kept', async () => {
  let manifest = await store.write(undefined, part('2024-05', 1));
  for (let time = 1; time <= 20; time++)
    manifest = await store.write(
      manifest,
      part('2024-05', 1, { revisedMs: time, state: `{"time":${time}}` }),
    );
  assert.deepEqual(
    manifest.superseded.map(({ revisedMs }) => revisedMs),
    [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
  );
  assert.deepEqual(partsAsOf(manifest, 3), []);
});

test('a period is a month of minutes or a year of days, UTC', () => {
  assert.equal(periodOf(Date.UTC(2024, 4, 31, 23, 59), '1m'), '2024-05');
  assert.equal(periodOf(Date.UTC(2024, 11, 31), '1d'), '2024');
  assert.deepEqual(periodBounds('2024-12'), { fromMs: Date.UTC(2024, 11), toMs: Date.UTC(2025, 0) });
  assert.deepEqual(periodBounds('2024'), { fromMs: Date.UTC(2024), toMs: Date.UTC(2025) });
});

test('what is no name of a part becomes no path', () => {
  const id = 'a'.repeat(64);
  assert.match(featurePartPath('csv:SP500:1d', '2024', id), /timeframe=1d\/year=2024\/a+\.parquet$/);
  for (const [stream, period, partId] of [
    ['csv:../x:1d', '2024', id],
    ['csv:SP500:1d', '2024-13', id],
    ['csv:SP500:1d', '../2024', id],
    ['csv:SP500:1d', '2024', '../x'],
  ] as const)
    assert.throws(() => featurePartPath(stream, period, partId), TypeError);
});
