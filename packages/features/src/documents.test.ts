import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FEATURES } from './index.ts';

test('docs/features.md has every feature with its version, unit and warm-up', () => {
  const text = readFileSync(new URL('../../../docs/features.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| (\d+) +\| (.*?) +\| (\d+) +\|/gm)].map(
    ([, name, version, unit, warmUpBars]) => [name, Number(version), unit, Number(warmUpBars)],
  );
  assert.deepEqual(
    rows,
    FEATURES.map(({ name, version, unit, warmUpBars }) => [name, version, unit, warmUpBars]),
  );
});
