import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesOnOneSide, filesWithin } from './files-within.ts';

const files = [{ rows: 5 }, { rows: 4 }, { rows: 3 }];

test('takes files in order while their rows fit', () => {
  assert.deepEqual(filesWithin(files, 9), { taken: files.slice(0, 2), left: files.slice(2) });
  assert.deepEqual(filesWithin(files, 12), { taken: files, left: [] });
});

test('takes one file however large, so that the work always goes on', () => {
  assert.deepEqual(filesWithin(files, 1), { taken: files.slice(0, 1), left: files.slice(1) });
  assert.deepEqual(filesWithin([], 1), { taken: [], left: [] });
});

const at = (day: number) => ({ first_open_at: new Date(Date.UTC(2020, 0, day)) });

test('files from before the end of the line are taken by themselves, then those that follow on it', () => {
  const earlier = [at(1), at(2)];
  const later = [at(9)];
  const end = at(5).first_open_at;
  assert.deepEqual(filesOnOneSide([...earlier, ...later], end), { taken: earlier, left: later });
  assert.deepEqual(filesOnOneSide(later, end), { taken: later, left: [] });
  assert.deepEqual(filesOnOneSide([...earlier, ...later], null), { taken: [...earlier, ...later], left: [] });
});
