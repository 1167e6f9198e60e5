import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyFillToOrder, IllegalTransition, Overfill, type OrderProgress } from './index.ts';

const working: OrderProgress = {
  status: 'WORKING',
  quantity: '3',
  filledQuantity: '0',
  averagePrice: null,
  fees: '0',
};

test('parts add up to the whole, with their average price and fees', () => {
  const first = applyFillToOrder(working, { quantity: '1', price: '10', fee: '0.1' });
  assert.deepEqual(first, {
    status: 'PARTIALLY_FILLED',
    quantity: '3',
    filledQuantity: '1',
    averagePrice: '10',
    fees: '0.1',
  });
  assert.deepEqual(applyFillToOrder(first, { quantity: '2', price: '13', fee: '0.2' }), {
    status: 'FILLED',
    quantity: '3',
    filledQuantity: '3',
    averagePrice: '12',
    fees: '0.3',
  });
});

test('a fill that is told after the cancel counts, and the order stays closed', () => {
  const cancelled = { ...working, status: 'CANCELLED' } as const;
  assert.equal(applyFillToOrder(cancelled, { quantity: '1', price: '10', fee: '0' }).status, 'CANCELLED');
  assert.equal(applyFillToOrder(cancelled, { quantity: '3', price: '10', fee: '0' }).status, 'FILLED');
});

test('more than the order asked for is an error, and so is a fill of an order that was never sent', () => {
  assert.throws(
    () => applyFillToOrder(working, { quantity: '3.000000000001', price: '10', fee: '0' }),
    Overfill,
  );
  const denied = { ...working, status: 'DENIED' } as const;
  assert.throws(() => applyFillToOrder(denied, { quantity: '1', price: '10', fee: '0' }), IllegalTransition);
});
