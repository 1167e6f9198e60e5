import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableLines } from './table.ts';

test('columns line up and numbers are cut to what was measured', () => {
  const lines = tableLines('2 cores', [
    {
      name: 'a claim',
      ours: 1234.5678,
      peer: 0.00012345,
      peer_name: 'pg-boss',
      ratio: 2,
      unit: 'jobs/s',
      better: 'higher',
    },
  ]);
  assert.equal(lines[0], '2 cores');
  assert.match(lines[3] ?? '', /^a claim {2}1,235 jobs\/s {2}pg-boss: 0.0001 jobs\/s {2}2.00× {2}/);
  assert.equal(lines[2]?.indexOf('ours'), lines[3]?.indexOf('1,235'));
});

test('a row without a peer says why', () => {
  const row = { name: 'a fit', ours: 3, unit: 'ms', better: 'lower' } as const;
  const lines = tableLines('2 cores', [{ ...row, peer: null, peer_name: 'nobody does it', ratio: null }]);
  assert.match(lines[3] ?? '', /^a fit {2}3 ms {2}none: nobody does it {2,}lower is better$/);
});
