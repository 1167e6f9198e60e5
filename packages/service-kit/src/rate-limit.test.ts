import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSample } from '../test/sample-service.ts';
import { createRateLimit } from './rate-limit.ts';

test('a burst is taken whole, the next request is refused, a second later it is taken again', () => {
  let nowMs = 1_000;
  const limit = createRateLimit(5, { nowMs: () => nowMs });
  for (let request = 0; request < 5; request++) limit('a');
  assert.throws(() => limit('a'), { code: 'too_many_requests', status: 429 });
  limit('b');
  nowMs += 200;
  limit('a');
  assert.throws(() => limit('a'), { status: 429 });
});

test('a clock that goes back gives nothing away and takes nothing', () => {
  let nowMs = 10_000;
  const limit = createRateLimit(1, { nowMs: () => nowMs });
  limit('a');
  nowMs = 0;
  assert.throws(() => limit('a'), { status: 429 });
  nowMs = 1_000;
  limit('a');
});

test('over HTTP it is 429 with retry-after, whatever address a header claims; probes are not counted', async () => {
  await using service = await startSample({
    env: { RATE_LIMIT_PER_S: '2' },
    clock: { nowMs: () => 0 },
  });
  const statuses: number[] = [];
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
    const response = await fetch(`${service.url}/thing/a/SP500`, { headers: { 'x-forwarded-for': address } });
    statuses.push(response.status);
    if (response.status === 429) assert.equal(response.headers.get('retry-after'), '1');
  }
  assert.deepEqual(statuses, [200, 200, 429]);
  assert.equal((await fetch(`${service.url}/health`)).status, 200);
});
