import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseMerges, MERGED_PARTS, RAW_FILES_MAX, type MergeCandidate } from './choose-merges.ts';

function part(firstOpenMs: number, files = 1, more: Partial<MergeCandidate> = {}): MergeCandidate {
  return { year: 2024, revisionMax: 0, firstOpenMs, rawFiles: files, ...more };
}

const count = (all: readonly MergeCandidate[]): number =>
  all.reduce((sum, { rawFiles }) => sum + rawFiles, 0);

/** Merges until there is nothing to merge. */
function settle(parts: readonly MergeCandidate[]): MergeCandidate[] {
  for (let round = 0, now = [...parts]; round < 100; round++) {
    const chosen = chooseMerges(now);
    if (chosen.length === 0) return now;
    const gone = new Set(chosen.flat());
    now = now.filter((each) => !gone.has(each));
    for (const merged of chosen) now.push({ ...merged[0]!, rawFiles: count(merged) });
  }
  throw new Error('merging does not come to an end');
}

test('sixteen parts become one, in order of time, and fewer stay', () => {
  const parts = Array.from({ length: 40 }, (_, index) => part(40 - index));
  const chosen = chooseMerges(parts);
  assert.deepEqual(
    chosen.map((group) => group.map(({ firstOpenMs }) => firstOpenMs)),
    [1, 17].map((first) => Array.from({ length: MERGED_PARTS }, (_, index) => first + index)),
  );
  assert.deepEqual(chooseMerges(parts.slice(0, MERGED_PARTS - 1)), []);
});

test('parts of another year, size or kind are not merged with them', () => {
  const few = Array.from({ length: MERGED_PARTS - 1 }, (_, index) => part(index));
  for (const other of [part(99, 1, { year: 2025 }), part(99, 2), part(99, 1, { revisionMax: 1 })])
    assert.deepEqual(chooseMerges([...few, other]), []);
});

test('however many files come one by one, a few dozen parts are left', () => {
  const settled = settle(Array.from({ length: 20_000 }, (_, index) => part(index)));
  assert.ok(settled.length < 4 * MERGED_PARTS, `${settled.length} parts`);
});

test('no file is lost or doubled, and no part lists more files than it may', () => {
  const parts = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 600 }), fc.nat(1)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(parts, (list) => {
      const before = list.map(([at, files, revisionMax]) => part(at, files, { revisionMax }));
      const after = settle(before);
      assert.equal(count(after), count(before));
      assert.ok(after.every(({ rawFiles }) => rawFiles <= RAW_FILES_MAX));
    }),
  );
});
