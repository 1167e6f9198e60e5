import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { VenueSim } from '../start-venue-sim.ts';
import { minuteMarket, MINUTE_MS, START_MS, startOneMarket } from '../../test/sims.ts';

let sim: VenueSim;
before(async () => {
  sim = await startOneMarket(minuteMarket('binance', 'BTC/USDT'), 10.5);
});
after(() => sim.stop());

const send = (method: string, path: string, body?: string, type = 'application/json'): Promise<Response> =>
  fetch(sim.url + path, {
    method,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body }),
  });

interface Status {
  readonly now_ms: number;
  readonly rules: { readonly misbehaviour: unknown; readonly hits: number }[];
  readonly markets: unknown;
}

test('another process adds rules, sees them and takes them back', async () => {
  const rule = { kind: 'rate_limit', count: 1, retry_after_s: 3 };
  const added = (await (await send('POST', '/_sim/misbehave', JSON.stringify([rule]))).json()) as Status;
  assert.deepEqual(added.rules[0]?.misbehaviour, { ...rule, seed: 1 });
  assert.equal((await fetch(`${sim.url}/api/v3/time`)).headers.get('retry-after'), '3');
  const status = (await (await send('GET', '/_sim/status')).json()) as Status;
  assert.equal(status.rules[0]?.hits, 1);
  assert.deepEqual(status.markets, [{ name: 'binance:BTC/USDT:1m', bars: 10_000, opened: 11 }]);
  const none = (await (await send('DELETE', '/_sim/misbehave?kind=rate_limit')).json()) as Status;
  assert.deepEqual(none.rules, []);
});

test('the clock is set and made to run', async () => {
  const nowMs = START_MS + 50 * MINUTE_MS;
  const set = (await (await send('POST', '/_sim/clock', JSON.stringify({ now_ms: nowMs }))).json()) as Status;
  assert.equal(set.now_ms, nowMs);
  await send('POST', '/_sim/clock', '{"rate":60000}');
  while (sim.control.status().nowMs < nowMs + MINUTE_MS) await new Promise(setImmediate);
  await send('POST', '/_sim/clock', '{"rate":0}');
});

test('what cannot be obeyed is refused, and changes nothing', async () => {
  const cases: [string, string, string | undefined, number, string][] = [
    ['POST', '/_sim/misbehave', '{"kind":"sulk","count":1}', 400, 'invalid_request'],
    ['POST', '/_sim/misbehave', '[{"kind":"reset","count":1},{"kind":"ban"}]', 400, 'invalid_request'],
    ['POST', '/_sim/misbehave', '{"kind":', 400, 'not_json'],
    ['POST', '/_sim/misbehave', `"${'x'.repeat(70_000)}"`, 413, 'too_large'],
    ['POST', '/_sim/misbehave', `[${'{},'.repeat(100)}{}]`, 400, 'too_many'],
    ['DELETE', '/_sim/misbehave?kind=sulk', undefined, 400, 'unknown_kind'],
    ['POST', '/_sim/clock', '{"rate":-1}', 400, 'invalid_request'],
    ['POST', '/_sim/clock', '{"rate":1e9}', 400, 'out_of_range'],
    ['GET', '/_sim/../etc/passwd', undefined, 404, ''],
    ['GET', '/_sim/nothing', undefined, 404, 'not_found'],
  ];
  const { nowMs, rate, rules } = sim.control.status();
  for (const [method, path, body, status, code] of cases) {
    const answer = await send(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}`);
    const problem = (await answer.json()) as { code?: string };
    assert.equal(problem.code ?? '', code);
  }
  assert.equal((await send('POST', '/_sim/clock', '{"rate":1}', 'text/plain')).status, 415);
  assert.deepEqual({ ...sim.control.status(), nowMs, rate }, { ...sim.control.status(), nowMs, rate, rules });
  assert.equal(sim.control.status().rate, rate);
});

test('venues are read only, and unknown paths are nobody’s', async () => {
  assert.equal((await send('POST', '/api/v3/klines', '{}')).status, 405);
  assert.equal((await fetch(`${sim.url}/sapi/v1/x`)).status, 404);
  assert.equal((await fetch(`${sim.url}/api/v3/time?${'x'.repeat(9_000)}`)).status, 414);
});
