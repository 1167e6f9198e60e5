import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesWithin } from './files-within.ts';

const files = [{ rows: 5 }, { rows: 4 }, { rows: 3 }];

test('takes files in order while their rows fit', () => {
  assert.deepEqual(filesWithin(files, 9), { taken: files.slice(0, 2), left: files.slice(2) });
  assert.deepEqual(filesWithin(files, 12), { taken: files, left: [] });
});

test('takes one file however large, so that the work always goes on', () => {
  assert.deepEqual(filesWithin(files, 1), { taken: files.slice(0, 1), left: files.slice(1) });
  assert.deepEqual(filesWithin([], 1), { taken: [], left: [] });
});
