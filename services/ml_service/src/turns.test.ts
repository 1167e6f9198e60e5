import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from './turns.ts';

test('work of one key waits for what was asked before, work of another key does not', async () => {
  const turns = createTurns();
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  const first = turns.run('a', async () => {
    await gate.promise;
    done.push('a1');
  });
  const second = turns.run('a', async () => done.push('a2'));
  await turns.run('b', async () => done.push('b'));
  gate.resolve();
  await Promise.all([first, second]);
  assert.deepEqual(done, ['b', 'a1', 'a2']);
});

test('a failure reaches its own caller only', async () => {
  const turns = createTurns();
  const failing = turns.run('a', () => Promise.reject(new Error('mine')));
  const next = turns.run('a', async () => 'fine');
  await assert.rejects(failing, /mine/);
  assert.equal(await next, 'fine');
  await turns.idle();
});
