import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, sampleApi, startSample } from '../test/sample-service.ts';
import { Secret } from './secret.ts';
import { peerCheck, serviceClient } from './service-client.ts';

const TOKEN = 'token-of-the-service-'.padEnd(40, 'x');

test('a client brings its token, and the token is in no error', async () => {
  await using service = await startSample({ env: { AUTH_MODE: 'token', AUTH_TOKEN_SERVICE: TOKEN } });
  const good = serviceClient(sampleApi, { url: service.url, token: new Secret(TOKEN) });
  assert.deepEqual(await good.write({ body: { name: 'a' } }), { name: 'a' });
  const bad = serviceClient(sampleApi, { url: service.url, token: new Secret('canary') });
  await assert.rejects(bad.write({ body: { name: 'a' } }), (error: Error) => {
    assert.match(error.message, /unauthenticated/);
    assert.ok(!JSON.stringify(error).includes('canary') && !String(error.stack).includes('canary'));
    return true;
  });
});

test('a neighbour that is away makes a service degraded, not unhealthy', async () => {
  const neighbour = await startSample();
  const { url } = neighbour;
  let nowMs = 0;
  await using service = await startSample({
    checks: [peerCheck('risk_gate', url)],
    clock: { nowMs: () => (nowMs += 2_000) },
  });
  assert.equal((await ask(`${service.url}/health`)).json['status'], 'healthy');
  await neighbour.stop();
  const health = await ask(`${service.url}/health`);
  assert.deepEqual(
    [health.status, health.json['checks']],
    [200, [{ name: 'risk_gate', status: 'degraded', detail: 'does not answer' }]],
  );
});
