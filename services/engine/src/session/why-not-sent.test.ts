import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotSent } from './why-not-sent.ts';

const exit = { leg: 'exit', side: 'sell', quantity: '5', reduceOnly: true } as const;
const entry = { leg: 'entry', side: 'buy', quantity: '5', reduceOnly: false } as const;
const now = { held: '0', ageMs: 0, ageMsMax: 120_000 };

test('an exit leaves however old it is, as long as what it is for is held', () => {
  assert.equal(whyNotSent(exit, { ...now, held: '5', ageMs: 1e9 }), undefined);
  assert.equal(whyNotSent({ ...exit, reduceOnly: false }, { ...now, held: '5.1', ageMs: 1e9 }), undefined);
  for (const held of ['0', '4.99', '-5']) assert.equal(whyNotSent(exit, { ...now, held }), 'nothing_to_exit');
  const cover = { ...exit, side: 'buy' } as const;
  assert.equal(whyNotSent(cover, { ...now, held: '-5' }), undefined);
  for (const held of ['0', '-4.99', '5'])
    assert.equal(whyNotSent(cover, { ...now, held }), 'nothing_to_exit');
});

test('an entry leaves while its price is of now, and a quote that only reduces always', () => {
  assert.equal(whyNotSent(entry, { ...now, ageMs: 120_000 }), undefined);
  assert.equal(whyNotSent(entry, { ...now, ageMs: 120_001 }), 'too_old_to_send');
  assert.equal(
    whyNotSent({ ...entry, leg: 'quote_ask', reduceOnly: true }, { ...now, ageMs: 1e9 }),
    undefined,
  );
});
