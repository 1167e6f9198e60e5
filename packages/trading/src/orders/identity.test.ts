import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrderTerms } from '@aistock/shared';
import { clientOrderId, decisionId } from './index.ts';

const decision = {
  strategy: 'trend_following',
  account: 'paper',
  instrument: 'BTC/USDT',
  barOpenMs: 1_600_000_000_000,
  leg: 'entry',
};

test('a decision has one id for ever; another bar, leg, account, strategy or instrument has another', () => {
  const id = decisionId(decision);
  assert.equal(id, '3d50a9db4d925c0a4b7b2bd537583bc14f02d92b0f35ced26cd1d6ba9652fb7e');
  const others = [
    { strategy: 'momentum_breakout' },
    { account: 'live' },
    { instrument: 'ETH/USDT' },
    { barOpenMs: 1_600_000_060_000 },
    { leg: 'exit' },
  ].map((change) => decisionId({ ...decision, ...change }));
  assert.equal(new Set([id, ...others]).size, 6);
});

test('the client order id follows from the decision and is one that the contract takes', () => {
  const id = clientOrderId(decisionId(decision));
  assert.match(id, /^as[0-9a-f]{30}$/);
  assert.ok(OrderTerms.shape.client_order_id.safeParse(id).success);
});
