import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, operationsApi } from '@aistock/shared';
import { ask, post, startSample } from '../test/sample-service.ts';
import type { Check } from './health.ts';

const check = (required: boolean, run: Check['run'], name = 'database'): Check => ({ name, required, run });
const fails = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('10.1.2.3'), { code: 'ECONNREFUSED' }));

test('without problems it is healthy and ready', async () => {
  await using service = await startSample({ checks: [check(true, async () => undefined)] });
  const health = await ask(`${service.url}/health`);
  assert.deepEqual(health.json, {
    service: 'risk_gate',
    status: 'healthy',
    checks: [{ name: 'database', status: 'healthy' }],
  });
  assert.deepEqual((await ask(`${service.url}/ready`)).json, { ready: true });
});

test('without what it needs it is unhealthy and not ready, but it answers', async () => {
  await using service = await startSample({ checks: [check(true, fails)] });
  const health = await ask(`${service.url}/health`);
  assert.equal(health.status, 503);
  assert.deepEqual(health.json['checks'], [
    { name: 'database', status: 'unhealthy', detail: 'failed (ECONNREFUSED)' },
  ]);
  const ready = await ask(`${service.url}/ready`);
  assert.deepEqual([ready.status, ready.json], [503, { ready: false }]);
  assert.equal((await ask(`${service.url}/ping`)).status, 200);
});

test('without what it would like to have, or with half of it, it is degraded and ready', async () => {
  for (const one of [check(false, fails), check(true, async () => 'no model yet')]) {
    await using service = await startSample({ checks: [one] });
    const health = await ask(`${service.url}/health`);
    assert.deepEqual([health.status, health.json['status']], [200, 'degraded']);
    assert.equal((await ask(`${service.url}/ready`)).status, 200);
  }
});

test('a check that never ends counts as failed after a second', async () => {
  await using service = await startSample({ checks: [check(true, () => new Promise(() => undefined))] });
  const health = await ask(`${service.url}/health`);
  assert.match(JSON.stringify(health.json['checks']), /no answer within 1000 ms/);
});

test('a check runs at most once a second, however often it is asked', async () => {
  let runs = 0;
  let nowMs = 1_000;
  const counting = check(true, async () => void (runs += 1));
  await using service = await startSample({ checks: [counting], clock: { nowMs: () => nowMs } });
  await Promise.all([1, 2, 3].map(() => ask(`${service.url}/health`)));
  assert.equal(runs, 1);
  nowMs += 1_000;
  await ask(`${service.url}/ready`);
  assert.equal(runs, 2);
});

test('status tells version, times, state and the configuration without secrets', async () => {
  await using service = await startSample({
    env: { DATABASE_URL: 'postgres://u:canary@127.0.0.1:1/x', DATABASE_PASSWORD: 'canary' },
    state: async () => ({ kills: 2 }),
  });
  const status = await createClient(operationsApi, { baseUrl: service.url }).status();
  assert.deepEqual(status.state, { kills: 2 });
  assert.equal(status.config['DATABASE_PASSWORD'], '[secret]');
  assert.ok(!JSON.stringify(status).includes('canary'));
  assert.ok(status.uptime_ms >= 0);
});

const count = (route: string, method: string, status: number) =>
  `http_request_duration_seconds_count{service="risk_gate",method="${method}",route="${route}",status="${status}"} 1`;

test('requests are measured by route template, not by what was asked for', async () => {
  await using service = await startSample();
  await ask(`${service.url}/thing/secret_name/SP500`);
  await ask(`${service.url}/things`, post({}));
  await ask(`${service.url}/attack/${'x'.repeat(50)}`);
  const text = await (await fetch(`${service.url}/metrics`)).text();
  assert.ok(text.includes(count('/thing/:name/:instrument', 'GET', 200)), text);
  assert.ok(text.includes(count('/things', 'POST', 400)));
  assert.ok(text.includes(count('unknown', 'GET', 404)));
  assert.ok(text.includes('process_cpu_seconds_total'));
  assert.ok(!text.includes('secret_name') && !text.includes('attack'));
});
