import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredBar } from '@aistock/lake';
import { ofOneSource } from './of-one-source.ts';

const VALUES = { openMs: 1, open: '1', high: '1', low: '1', close: '1', volume: '1' };
const held = (source: string): StoredBar => ({ ...VALUES, source, knownMs: 2, revision: 0 });

test('a source restates only what it said itself; what nobody had is late, whoever gives it', () => {
  const bar = { ...VALUES, close: '0.5' };
  const own = { held: held('alpaca'), bar };
  const other = { held: held('yahoo'), bar };
  assert.deepEqual(ofOneSource({ restated: [own, other], late: [bar] }, 'alpaca'), {
    restated: [own],
    late: [bar],
  });
});
