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
