import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, OrderTerms, sha256Hex } from '@aistock/shared';
import { clientOrderId, decisionId } from './index.ts';

const decision = {
  account: 'paper',
  slot: 'trend',
  strategy: 'trend_following',
  stream: 'binance:BTC/USDT:5m',
  instrument: 'BTC/USDT',
  barOpenMs: 1_600_000_000_000,
  leg: 'entry',
};

test('a decision has one id for ever; another in any part has another', () => {
  const id = decisionId(decision);
  assert.equal(id, '9dcc3fcf7bb329429c101549d83ff5622d030faf2746af36244ab6e0514a38e5');
  const { barOpenMs, ...names } = decision;
  assert.equal(id, sha256Hex(canonicalJson({ ...names, bar_open_ms: barOpenMs })));
  const others = [
    { strategy: 'momentum_breakout' },
    { account: 'live' },
    { slot: 'second' },
    { stream: 'binance:BTC/USDT:1h' },
    { instrument: 'ETH/USDT' },
    { barOpenMs: 1_600_000_060_000 },
    { leg: 'exit' },
  ].map((change) => decisionId({ ...decision, ...change }));
  assert.equal(new Set([id, ...others]).size, 8);
});

test('the client order id follows from the decision and is one that the contract takes', () => {
  const id = clientOrderId(decisionId(decision));
  assert.match(id, /^as[0-9a-f]{30}$/);
  assert.ok(OrderTerms.shape.client_order_id.safeParse(id).success);
});
