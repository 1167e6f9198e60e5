// Every endpoint of every running service, given what it must refuse: it answers a problem document with a stable code,
// and nothing goes on the record.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase } from '@aistock/database';
import { Problem, type Route, SERVICE_APIS, SERVICE_NAMES, type ServiceName } from '@aistock/shared';
import { sql } from 'kysely';
import type { Progress } from '../scripts/stack/progress.ts';
import { serviceUrl } from '../scripts/stack/service-specs.ts';
import { type Stack, startStack } from '../scripts/stack/stack.ts';

const PORT_BASE = 26_000;
const BODY_BYTES = 2 * 1024 * 1024;
const ID = '00000000-0000-4000-8000-000000000000';

const root = resolve(dirname(import.meta.filename), '..');
const quiet: Progress = { step: (_title, work) => work(() => {}) };

let folder = '';
let stack: Stack;
let emitted = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistock-bad-input-'));
  stack = await startStack(
    root,
    { once: true, json: false, fresh: false, yes: false, help: false, dataDir: folder, portBase: PORT_BASE },
    quiet,
  );
  emitted = await countEvents();
});
after(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Events on the record and on their way there. */
async function countEvents(): Promise<number> {
  const admin = openDatabase({ url: stack.place.adminUrl, applicationName: 'bad_input' });
  try {
    const { rows } = await sql<{ events: number }>`
      SELECT (SELECT count(*) FROM audit.outbox) + (SELECT count(*) FROM audit.entry) AS events`.execute(
      admin,
    );
    return rows[0]?.events ?? Number.NaN;
  } finally {
    await admin.destroy();
  }
}

interface Endpoint {
  readonly service: ServiceName;
  readonly name: string;
  readonly route: Route;
}

const endpoints: readonly Endpoint[] = SERVICE_NAMES.flatMap((service) =>
  Object.entries(SERVICE_APIS[service]).map(([name, route]) => ({ service, name, route })),
);

/** A path that is well-formed, so that what is wrong is what the test makes wrong. */
const GOOD: Readonly<Record<string, string>> = {
  strategy: 'trend_following',
  instrument: 'SP500',
  preset_id: 'balanced',
  index: '0',
  config_id: ID,
};

function urlOf({ service, route }: Endpoint, replace: Readonly<Record<string, string>> = {}): string {
  const good = service === 'data_ingester' ? { ...GOOD, id: 'csv:SP500:1d' } : { ...GOOD, id: ID };
  const values: Readonly<Record<string, string>> = { ...good, ...replace };
  const path = route.path.replace(/:([a-z_]+)/g, (_match, key: string) => values[key] ?? 'x');
  return serviceUrl(service, PORT_BASE) + path;
}

const send = (endpoint: Endpoint, body: string, type: string) =>
  fetch(urlOf(endpoint), { method: endpoint.route.method, body, headers: { 'content-type': type } });

const at = (service: ServiceName) => serviceUrl(service, PORT_BASE);

async function refused(response: Response, statuses: readonly number[]): Promise<Problem> {
  const text = await response.text();
  assert.ok(
    statuses.includes(response.status),
    `${response.url} answered ${response.status}: ${text.slice(0, 300)}`,
  );
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const problem = Problem.parse(JSON.parse(text));
  assert.equal(problem.status, response.status);
  assert.doesNotMatch(text, /node_modules|\.ts:\d+/, 'no stack in an answer');
  return problem;
}

for (const endpoint of endpoints) {
  const { service, name, route } = endpoint;
  const { method } = route;

  if (route.body) {
    test(`${service}.${name} refuses bodies that it cannot read`, async () => {
      await refused(await send(endpoint, '{"a":', 'application/json'), [400]);
      await refused(await send(endpoint, 'a=1', 'application/x-www-form-urlencoded'), [415]);
      await refused(
        await send(endpoint, JSON.stringify({ a: 'x'.repeat(BODY_BYTES) }), 'application/json'),
        [413],
      );
      const unknown = await refused(await send(endpoint, '{"surprise":1}', 'application/json'), [400]);
      assert.equal(unknown.code, 'invalid_request');
      assert.ok(
        (unknown.fields ?? []).some(({ field }) => field.startsWith('body')),
        JSON.stringify(unknown),
      );
      await refused(await send(endpoint, '[1,2]', 'application/json'), [400]);
      await refused(await send(endpoint, '"text"', 'application/json'), [400]);
    });
  }

  for (const [, key = ''] of route.path.matchAll(/:([a-z_]+)/g)) {
    test(`${service}.${name} refuses a ${key} that is no name`, async () => {
      for (const bad of ['..%2F..%2Fetc%2Fpasswd', 'x%00y', '%E0%A4%A', 'a'.repeat(300), 'ЅP500', '%20']) {
        await refused(await fetch(urlOf(endpoint, { [key]: bad }), { method }), [400, 404, 415]);
      }
    });
  }

  if (route.query) {
    test(`${service}.${name} refuses a query that it does not know`, async () => {
      const problem = await refused(await fetch(`${urlOf(endpoint)}?surprise=1`, { method }), [400]);
      assert.ok(
        problem.fields?.some(({ field }) => field.startsWith('query')),
        JSON.stringify(problem),
      );
    });
  }
}

test('unknown strategies, instruments, streams, features and times are named with what is allowed', async () => {
  const cases: readonly [string, number, string][] = [
    [
      `${at('param_controller')}/param/astrology/SP500?features[hmm_trend]=1&features[vol]=1`,
      404,
      'strategy_unknown',
    ],
    [`${at('param_controller')}/param/trend_following/SP500?features[vol]=0.3`, 400, 'feature_missing'],
    [
      `${at('param_controller')}/param/trend_following/SP500?features[hmm_trend]=NaN&features[vol]=0.3`,
      400,
      'invalid_request',
    ],
    [
      `${at('param_controller')}/param/trend_following/SP500?features[hmm_trend]=&features[vol]=0.3`,
      400,
      'invalid_request',
    ],
    [`${at('data_ingester')}/bars?stream=csv:MOON:1d`, 404, 'stream_unknown'],
    [`${at('data_ingester')}/bars?stream=csv:SP500:7m`, 400, 'invalid_request'],
    [`${at('data_ingester')}/bars?stream=csv:SP500:1d&from_ms=2&to_ms=1`, 400, 'invalid_request'],
    [`${at('data_ingester')}/bars?stream=csv:SP500:1d&limit=0`, 400, 'invalid_request'],
    [`${at('ml_service')}/regime/MOON`, 404, 'no_active_model'],
    [`${at('executor')}/account?account=nobody`, 404, 'account_unknown'],
    [`${at('engine')}/nowhere`, 404, 'route_unknown'],
  ];
  for (const [url, status, code] of cases) {
    assert.equal((await refused(await fetch(url), [status])).code, code, url);
  }
});

test('a wrong method is told which are right', async () => {
  const response = await fetch(`${serviceUrl('risk_gate', PORT_BASE)}/limits`, { method: 'DELETE' });
  await refused(response, [405]);
  assert.match(response.headers.get('allow') ?? '', /GET.*PUT/);
});

test('all of that has left nothing behind, and every service is well', async () => {
  assert.equal(await countEvents(), emitted);
  for (const service of SERVICE_NAMES) {
    const health = await fetch(`${serviceUrl(service, PORT_BASE)}/health`);
    assert.equal(health.status, 200, `${service}: ${await health.text()}`);
  }
});
