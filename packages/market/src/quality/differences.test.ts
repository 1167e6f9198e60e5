import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '../bar.ts';
import { differences } from './differences.ts';

const bar = (openMs: number, change: Partial<Bar> = {}): Bar => ({
  openMs,
  open: '10',
  high: '12',
  low: '9',
  close: '11',
  volume: '5',
  ...change,
});

test('a bar with another value in any field is restated, one that is not held is late, the rest is the same', () => {
  const held = [bar(1), bar(2), bar(3), bar(5)];
  const changed = bar(2, { volume: '5.000000000001' });
  assert.deepEqual(differences(held, [bar(1), changed, bar(4), bar(5)]), {
    restated: [{ held: bar(2), bar: changed }],
    late: [bar(4)],
  });
  for (const field of ['open', 'high', 'low', 'close', 'volume'] as const)
    assert.equal(differences(held, [bar(3, { [field]: '7' })]).restated.length, 1, field);
});

test('a bar that did not come again is no difference', () => {
  assert.deepEqual(differences([bar(1), bar(2)], []), { restated: [], late: [] });
});
