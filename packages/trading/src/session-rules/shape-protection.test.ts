import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeProtection } from './index.ts';

const RULES = { fromMs: 0, lotSize: '1', tickSize: '0.5', notionalMin: '0' };

test('the stop does not work sooner and the target is not below what was said', () => {
  const wished = { stopPrice: 95.3, targetPrice: 110.2, trailBps: 50 };
  assert.deepEqual(shapeProtection(wished, 'buy', RULES), {
    protection: { stopPrice: '95', targetPrice: '110.5', trailBps: 50 },
  });
  assert.deepEqual(shapeProtection({ stopPrice: 110.2, targetPrice: 95.3 }, 'sell', RULES), {
    protection: { stopPrice: '110.5', targetPrice: '95', trailBps: null },
  });
});

test('no exits asked for are none', () => {
  for (const wished of [undefined, {}])
    assert.deepEqual(shapeProtection(wished, 'buy', RULES), { protection: null });
  assert.deepEqual(shapeProtection({ trailBps: 20 }, 'buy', RULES), {
    protection: { stopPrice: null, targetPrice: null, trailBps: 20 },
  });
});

test('stop and target on the wrong sides, or prices below a tick, are refused', () => {
  const crossed = { refused: 'protection_crossed' };
  assert.deepEqual(shapeProtection({ stopPrice: 110, targetPrice: 95 }, 'buy', RULES), crossed);
  assert.deepEqual(shapeProtection({ stopPrice: 95, targetPrice: 110 }, 'sell', RULES), crossed);
  assert.deepEqual(shapeProtection({ stopPrice: 95, targetPrice: 95 }, 'buy', RULES), crossed);
  const below = { refused: 'price_below_tick' };
  assert.deepEqual(shapeProtection({ stopPrice: 0.4 }, 'buy', RULES), below);
  assert.deepEqual(shapeProtection({ targetPrice: 0.4 }, 'sell', RULES), below);
});
