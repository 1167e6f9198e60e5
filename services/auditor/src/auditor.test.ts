import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { openDatabase } from '@aistock/database';
import { createAuditor } from './auditor.ts';
import { RecordBroken } from './record-broken.ts';

/** Nothing listens there: these tests end before the database is asked. */
const NO_DATABASE = 'postgres://nobody@127.0.0.1:1/nothing';

function auditorOf(parts: { read: () => Promise<never>; drain: () => Promise<void> }) {
  return createAuditor({
    db: openDatabase({ url: NO_DATABASE, applicationName: 'test' }),
    file: { read: parts.read },
    verifier: { name: 'test', key: generateKeyPairSync('ed25519').publicKey },
    sequencer: { drain: parts.drain },
  });
}

test('the record grows on while it is verified', async () => {
  const reading = Promise.withResolvers<void>();
  const held = Promise.withResolvers<never>();
  let drains = 0;
  const auditor = auditorOf({
    read: () => {
      reading.resolve();
      return held.promise;
    },
    drain: async () => void drains++,
  });
  const verification = auditor.verify();
  await reading.promise;
  await auditor.drain();
  assert.equal(drains, 2, 'the one of the verification and ours');
  held.reject(new Error('the test is over'));
  await assert.rejects(verification, /the test is over/);
});

test('what a drain found wrong is known until a drain finds it right', async () => {
  const finding = { index: 7, problem: 'is missing' };
  let broken = true;
  const auditor = auditorOf({
    read: () => Promise.reject(new Error('not asked for')),
    drain: async () => {
      if (broken) throw new RecordBroken(finding);
    },
  });
  await assert.rejects(auditor.drain(), RecordBroken);
  assert.equal(auditor.finding(), finding);
  broken = false;
  await auditor.drain();
  assert.equal(auditor.finding(), undefined);
});
