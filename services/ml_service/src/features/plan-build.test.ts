import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureManifest, FeaturePart } from '@aistock/lake';
import { inputsUpTo, periodsOf, rangesOf, standing } from './plan-build.ts';

const FEATURES = [{ name: 'return_log', version: 1 }];
const may = Date.UTC(2024, 4, 10, 7);
const july = Date.UTC(2024, 6, 2, 9);

const part = (period: string, firstOpenMs: number, lastOpenMs: number): FeaturePart => ({
  period,
  partId: period,
  path: period,
  rows: 1,
  bytes: 1,
  firstOpenMs,
  lastOpenMs,
  inputsSha256: `of ${period}`,
  revisedMs: 0,
});

const manifest: FeatureManifest = {
  stream: 'csv:SP500:5m',
  features: FEATURES,
  parts: [
    part('2024-05', may, Date.UTC(2024, 4, 31, 23)),
    part('2024-06', Date.UTC(2024, 5, 1), Date.UTC(2024, 5, 30, 23)),
    part('2024-07', Date.UTC(2024, 6, 1), july),
  ],
  superseded: [],
};

const inputs = (changed: Record<string, string> = {}): Map<string, string> =>
  new Map(
    Object.entries({ '2024-05': 'of 2024-05', '2024-06': 'of 2024-06', '2024-07': 'of 2024-07', ...changed }),
  );
const now = { features: FEATURES, firstOpenMs: may, inputs: inputs() };
const months = (parts: readonly FeaturePart[]): string[] => parts.map(({ period }) => period);

test('months go on without a hole, over a year and a leap day, and the last ends with the last bar', () => {
  const found = periodsOf(Date.UTC(2023, 11, 31, 23, 59), Date.UTC(2024, 2, 1), '5m');
  assert.deepEqual(
    found.map(({ period }) => period),
    ['2023-12', '2024-01', '2024-02', '2024-03'],
  );
  for (const [index, { fromMs }] of found.entries())
    if (index > 0) assert.equal(fromMs, found[index - 1]!.toMs + 1);
  assert.equal(found[2]!.toMs, Date.UTC(2024, 2) - 1);
  assert.equal(found.at(-1)!.toMs, Date.UTC(2024, 2, 1));
});

test('of longer bars a period is a year', () => {
  const found = periodsOf(Date.UTC(2023, 5), Date.UTC(2024, 2), '1h');
  assert.deepEqual(
    found.map(({ period }) => period),
    ['2023', '2024'],
  );
  assert.equal(found[0]!.toMs, Date.UTC(2024) - 1);
});

test('what parts were made from ends with the last bar of the last one', () => {
  assert.equal(rangesOf(manifest).at(-1)!.toMs, july);
  assert.deepEqual(rangesOf({ ...manifest, parts: [] }), []);
});

test('nothing is there: nothing stands, and nothing is stale', () => {
  assert.deepEqual(standing(undefined, now), { base: undefined, kept: [], staleFrom: null });
});

test('what is the same stands', () => {
  const found = standing(manifest, now);
  assert.deepEqual(months(found.kept), ['2024-05', '2024-06', '2024-07']);
  assert.equal(found.staleFrom, null);
});

test('a month whose bars changed is stale, and all after it', () => {
  const found = standing(manifest, { ...now, inputs: inputs({ '2024-06': 'restated' }) });
  assert.deepEqual(months(found.kept), ['2024-05']);
  assert.equal(found.staleFrom, '2024-06');
  assert.equal(found.base, manifest);
});

test('a month whose files were all taken back is stale', () => {
  const left = inputs();
  left.delete('2024-07');
  assert.equal(standing(manifest, { ...now, inputs: left }).staleFrom, '2024-07');
});

test('bars that come late into a month that had none make what follows on them stale', () => {
  const [first, , last] = manifest.parts;
  const holed = { ...manifest, parts: [first!, last!] };
  const empty = inputs();
  empty.delete('2024-06');
  assert.equal(standing(holed, { ...now, inputs: empty }).staleFrom, null);
  const found = standing(holed, now);
  assert.deepEqual([months(found.kept), found.staleFrom], [['2024-05'], '2024-07']);
  // A file that covers the month and has no bars of it leaves no part, and is none that is new.
  const inputsSha256 = inputsUpTo(now.inputs, '2024-05', '2024-07')!;
  const made = { ...holed, parts: [first!, { ...last!, inputsSha256 }] };
  assert.equal(standing(made, now).staleFrom, null);
});

test('bars before the first ones make all stale: everything follows on them', () => {
  const found = standing(manifest, { ...now, firstOpenMs: Date.UTC(2024, 3, 30) });
  assert.deepEqual([months(found.kept), found.staleFrom], [[], '2024-05']);
});

test('other features, or other versions, begin anew', () => {
  for (const features of [
    [{ name: 'return_log', version: 2 }],
    [],
    [...FEATURES, { name: 'rsi_14', version: 1 }],
  ])
    assert.deepEqual(standing(manifest, { ...now, features }), {
      base: undefined,
      kept: [],
      staleFrom: '2024-05',
    });
});
