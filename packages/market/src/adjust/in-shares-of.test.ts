import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CorporateAction } from './corporate-action.ts';
import { inSharesOf } from './in-shares-of.ts';

const ACTIONS: CorporateAction[] = [
  { kind: 'split', exOpenMs: 100, newShares: '4', oldShares: '1' },
  { kind: 'dividend', exOpenMs: 150, amount: '1' },
  { kind: 'split', exOpenMs: 200, newShares: '1', oldShares: '3' },
];

test('an amount goes over the splits between two times, forth and back', () => {
  const cases: [fromMs: number, toMs: number, amount: string][] = [
    [50, 99, '8'],
    [50, 100, '2'],
    [100, 50, '32'],
    [50, 300, '6'],
    [199, 200, '24'],
    [200, 199, '2.666666666667'],
    [300, 300, '8'],
  ];
  for (const [fromMs, toMs, amount] of cases)
    assert.equal(inSharesOf('8', { fromMs, toMs }, ACTIONS), amount, `${fromMs} to ${toMs}`);
});
