import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { scramVerifier } from './scram.ts';

test('the server key signs the example of RFC 7677', () => {
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  assert.match(verifier, /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$[\w+/=]{44}:[\w+/=]{44}$/);
  const serverKey = Buffer.from(verifier.split(':').at(-1) ?? '', 'base64');
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const exchange = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`;
  const signature = createHmac('sha256', serverKey).update(exchange).digest('base64');
  assert.equal(signature, '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
});

test('a password that clients could spell in two ways is refused', () => {
  for (const password of ['', 'with space', 'pässword', 'x'.repeat(201)]) {
    assert.throws(() => scramVerifier(password, Buffer.alloc(16)), RangeError);
  }
});
