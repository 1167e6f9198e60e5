import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderTerms, Permit } from '@aistock/shared';
import { signedBytes, termsSha256 } from './index.ts';

const terms: OrderTerms = {
  client_order_id: 'as0123456789abcdef',
  account: 'paper',
  strategy: 'trend_following',
  slot: 'trend',
  instrument: 'SP500',
  side: 'buy',
  order_type: 'market',
  quantity: '1',
  limit_price: null,
  stop_price: null,
  trail_bps: null,
  time_in_force: 'day',
  extended_hours: false,
  reduce_only: false,
  protection: null,
};

test('any other term makes another hash; the order of the fields does not', () => {
  const changes: Partial<OrderTerms>[] = [
    { client_order_id: 'as0123456789abcdee' },
    { account: 'live' },
    { strategy: 'momentum_breakout' },
    { slot: 'breakout' },
    { instrument: 'SPY' },
    { side: 'sell' },
    { order_type: 'limit' },
    { quantity: '2' },
    { limit_price: '1' },
    { stop_price: '1' },
    { trail_bps: 1 },
    { time_in_force: 'gtc' },
    { extended_hours: true },
    { reduce_only: true },
    { protection: { stop_price: '1', target_price: null, trail_bps: null } },
  ];
  assert.equal(changes.length, Object.keys(terms).length);
  const hashes = changes.map((change) => termsSha256({ ...terms, ...change }));
  assert.equal(new Set([termsSha256(terms), ...hashes]).size, changes.length + 1);
  const reversed = Object.fromEntries(Object.entries(terms).toReversed()) as OrderTerms;
  assert.equal(termsSha256(reversed), termsSha256(terms));
});

test('the signature covers every field of a permit but itself', () => {
  const permit: Permit = {
    permit_id: '00000000-0000-4000-8000-000000000001',
    key_id: '00000000-0000-4000-8000-000000000002',
    terms_sha256: termsSha256(terms),
    limits_version: 1,
    kill_epoch: 0,
    issued_ms: 1,
    expires_ms: 2,
    signature: '',
  };
  const { signature: _, ...fields } = permit;
  const text = new TextDecoder().decode(signedBytes(permit));
  assert.deepEqual(JSON.parse(text), fields);
});
