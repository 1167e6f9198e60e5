import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equity, isFunded, reducesOnly, sameAmount, sum, toWire, unrealisedPnl } from './index.ts';

test('equity is cash plus longs minus shorts at their marks', () => {
  const positions = [
    { quantity: '2', markPrice: '10.5' },
    { quantity: '-1', markPrice: '4' },
  ];
  assert.equal(equity('100', positions), '117');
});

test('equity is unknown while an open position has no mark; a flat one needs none', () => {
  assert.equal(equity('100', [{ quantity: '2', markPrice: null }]), undefined);
  assert.equal(equity('100', [{ quantity: '0', markPrice: null }]), '100');
});

test('unrealised profit compares the mark with the exact cost', () => {
  assert.equal(unrealisedPnl({ quantity: '3', cost: '3.2', markPrice: '2' }), '2.8');
  assert.equal(unrealisedPnl({ quantity: '-3', cost: '-270', markPrice: '80' }), '30');
  assert.equal(unrealisedPnl({ quantity: '3', cost: '3', markPrice: null }), undefined);
  assert.equal(unrealisedPnl({ quantity: '0', cost: '0', markPrice: null }), '0');
});

test('sums are exact and the wire has at most 12 places', () => {
  assert.equal(sum('0.1', '0.2'), '0.3');
  assert.equal(sum(), '0');
  assert.equal(toWire('0.1234567890125'), '0.123456789012');
  assert.equal(toWire('-0.0000000000001'), '0');
  assert.ok(sameAmount('1.0', '1'));
  assert.ok(!sameAmount('1.000000000000000000000001', '1'));
});

test('without leverage cash never falls below zero, and a short is covered twice', () => {
  assert.ok(isFunded('0', '5', '100'));
  assert.ok(!isFunded('-0.01', '5', '100'));
  assert.ok(isFunded('200', '-1', '100'));
  assert.ok(!isFunded('199.99', '-1', '100'));
});

test('only a step towards zero that does not pass it reduces', () => {
  assert.ok(reducesOnly('3', '0'));
  assert.ok(reducesOnly('-3', '-2.9'));
  assert.ok(!reducesOnly('3', '-0.1'));
  assert.ok(!reducesOnly('3', '3.0'));
  assert.ok(!reducesOnly('0', '1'));
});
