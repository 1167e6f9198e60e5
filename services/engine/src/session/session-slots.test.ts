import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionSlots } from './session-slots.ts';

test('an account is free again after its session, also after one that failed', async () => {
  const slots = new SessionSlots();
  await assert.rejects(
    slots.take('paper', () => Promise.reject(new Error('it failed'))),
    /it failed/,
  );
  assert.equal(await slots.take('paper', () => Promise.resolve(7)), 7);
  assert.deepEqual(slots.taken(), []);
});

test('a second session of an account is refused, one of another account is not', async () => {
  const slots = new SessionSlots();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = slots.take('paper', () => promise);
  await assert.rejects(
    slots.take('paper', () => promise),
    { code: 'session_running' },
  );
  const other = slots.take('other', () => promise);
  assert.deepEqual(slots.taken(), ['paper', 'other']);
  resolve();
  await Promise.all([first, other]);
});
