import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startLeaseHeartbeat } from './lease-heartbeat.ts';
import type { Logger } from './logger.ts';

const silent = () => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };
const options = { leaseMs: 60, everyMs: 10, stopping: new AbortController().signal, logger };

test('a claim is renewed until the work is over', async () => {
  let renewals = 0;
  const twice = Promise.withResolvers<void>();
  const heartbeat = startLeaseHeartbeat(async () => {
    renewals += 1;
    if (renewals === 2) twice.resolve();
    return true;
  }, options);
  await twice.promise;
  heartbeat[Symbol.dispose]();
  const then = renewals;
  await delay(50);
  assert.deepEqual([renewals, heartbeat.signal.aborted], [then, false]);
});

test('a claim that no longer holds ends the work', async () => {
  using heartbeat = startLeaseHeartbeat(async () => false, options);
  await once(heartbeat.signal, 'abort');
  assert.match(String(heartbeat.signal.reason), /no longer holds/);
});

for (const [what, renew] of [
  ['fails', () => Promise.reject(new Error('no database'))],
  ['hangs', () => new Promise<boolean>(() => undefined)],
] as const)
  test(`a claim whose renewal ${what} is not trusted for longer than its lease`, async () => {
    const startMs = performance.now();
    using heartbeat = startLeaseHeartbeat(renew, options);
    await once(heartbeat.signal, 'abort');
    assert.match(String(heartbeat.signal.reason), /could not be renewed in time/);
    assert.ok(performance.now() - startMs >= options.leaseMs - 1);
  });

test('a process that stops ends its work', () => {
  const stopping = AbortSignal.abort(new Error('stops'));
  using heartbeat = startLeaseHeartbeat(async () => true, { ...options, stopping });
  assert.equal(heartbeat.signal.aborted, true);
});
