import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountTurns } from './account-turns.ts';

test('work on one account waits its turn, work on another does not, and a failure stops nothing', async () => {
  const turns = new AccountTurns();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.run('a', async () => {
    await gate.promise;
    log.push('first');
    throw new Error('first failed');
  });
  const second = turns.run('a', async () => {
    log.push('second');
    return 2;
  });
  await turns.run('b', async () => void log.push('other'));
  assert.deepEqual(log, ['other']);
  gate.resolve();
  await assert.rejects(first, { message: 'first failed' });
  assert.equal(await second, 2);
  assert.deepEqual(log, ['other', 'first', 'second']);
});
