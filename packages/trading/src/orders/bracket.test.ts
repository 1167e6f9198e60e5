import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderStatus } from '@aistock/shared';
import { bracketExits, clientOrderId, exitClientOrderId, exitDecisionId, exitStep } from './index.ts';

const protection = { stop_price: '90', target_price: '120', trail_bps: null };
const at = (status: OrderStatus, filledQuantity: string, quantity = '10') => ({
  status,
  quantity,
  filledQuantity,
});

test("a protection's parts are orders of the other side: a stop at market, a target at its limit", () => {
  const [stop, target] = bracketExits('buy', protection);
  assert.deepEqual(stop, {
    part: 'stop',
    side: 'sell',
    orderType: 'stop',
    limitPrice: null,
    stopPrice: '90',
    trailBps: null,
  });
  assert.equal(target?.orderType, 'limit');
  assert.equal(target?.limitPrice, '120');
  assert.deepEqual(
    bracketExits('sell', { stop_price: '110', target_price: null, trail_bps: 50 }).map(
      ({ side, orderType, stopPrice, trailBps }) => [side, orderType, stopPrice, trailBps],
    ),
    [['buy', 'trailing_stop', '110', 50]],
  );
});

test('exits wait for the entry, work for what it has filled, and end where it ended without a fill', () => {
  const waiting = at('PENDING', '0');
  for (const status of ['PENDING', 'CHECKED', 'SENDING', 'UNKNOWN', 'WORKING'] as const) {
    assert.deepEqual(exitStep(at(status, '0'), waiting, '0'), { kind: 'stay' }, status);
  }
  for (const status of ['CANCELLED', 'EXPIRED', 'REJECTED', 'DENIED'] as const) {
    assert.deepEqual(exitStep(at(status, '0'), waiting, '0'), { kind: 'end' }, status);
  }
  assert.deepEqual(exitStep(at('PARTIALLY_FILLED', '4'), waiting, '0'), { kind: 'activate', quantity: '4' });
  assert.deepEqual(exitStep(at('CANCELLED', '4'), waiting, '0'), { kind: 'activate', quantity: '4' });
  const working = at('WORKING', '0', '4');
  assert.deepEqual(exitStep(at('PARTIALLY_FILLED', '4.0'), working, '0'), { kind: 'stay' });
  assert.deepEqual(exitStep(at('FILLED', '10'), working, '0'), { kind: 'resize', quantity: '10' });
  assert.deepEqual(exitStep(at('FILLED', '10'), at('CANCELLED', '0', '4'), '0'), { kind: 'stay' });
  assert.deepEqual(exitStep(at('FILLED', '10'), at('WORKING', '0'), '3'), { kind: 'resize', quantity: '7' });
  assert.deepEqual(exitStep(at('FILLED', '10'), at('WORKING', '0'), '10'), { kind: 'stay' });
});

test('whoever knows the entry can name its exits, and each has a name of its own', () => {
  const ids = [
    exitDecisionId('as0123456789abcdef', 'stop'),
    exitDecisionId('as0123456789abcdef', 'target'),
    exitDecisionId('as0123456789abcdee', 'stop'),
  ];
  assert.equal(new Set(ids).size, 3);
  assert.equal(exitClientOrderId('as0123456789abcdef', 'stop'), clientOrderId(ids[0] ?? ''));
});
