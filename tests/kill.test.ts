import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase } from '@aistock/database';
import { CallError, type Output, type dataIngesterApi, type ServiceName } from '@aistock/shared';
import { sql } from 'kysely';
import type { Options } from '../scripts/stack/options.ts';
import { type Clients, createClients } from '../scripts/stack/clients.ts';
import { PAPER_ACCOUNT, PAPER_TERMS, paperLimits } from '../scripts/stack/pipeline-plan.ts';
import type { Progress } from '../scripts/stack/progress.ts';
import { reconcile } from '../scripts/stack/reconcile.ts';
import { type ServiceProcess, startService, waitUntilReady } from '../scripts/stack/service-process.ts';
import { serviceSpecs, serviceUrl } from '../scripts/stack/service-specs.ts';
import { type Stack, startStack } from '../scripts/stack/stack.ts';

const PORT_BASE = 22_000;
const STREAM = 'csv:SP500:1d';
const TRAIN_UNTIL_MS = Date.UTC(2019, 0, 1);
const STRATEGY = 'trend_following';
/** A dead trainer's lease lasts 30 s; after it the files are free again. */
const POLL_MS = 20;

const root = resolve(dirname(import.meta.filename), '..');
const quiet: Progress = { step: (_title, work) => work(() => {}) };
const by = { by: 'kill test', reason: 'end-to-end test' };
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

let folder = '';
let stack: Stack;
let clients: Clients;
const running = new Map<string, ServiceProcess>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistock-kill-'));
  const options: Options = {
    once: true,
    json: false,
    fresh: false,
    yes: false,
    help: false,
    dataDir: folder,
    portBase: PORT_BASE,
  };
  stack = await startStack(root, options, quiet);
  for (const service of stack.services) running.set(service.spec.name, service);
  const nameOf: Record<keyof Clients, ServiceName> = {
    ingester: 'data_ingester',
    ml: 'ml_service',
    params: 'param_controller',
    gate: 'risk_gate',
    executor: 'executor',
    engine: 'engine',
    auditor: 'auditor',
  };
  clients = createClients((name) => serviceUrl(nameOf[name], PORT_BASE), undefined);
});
after(async () => {
  for (const service of running.values()) service.kill('SIGKILL');
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

async function killService(name: ServiceName): Promise<void> {
  const service = running.get(name);
  assert.ok(service);
  service.kill('SIGKILL');
  await service.ended;
}

async function startAgain(name: ServiceName, env: Record<string, string> = {}): Promise<void> {
  const spec = serviceSpecs({ ...stack.place, env: { ...stack.place.env, ...env } }).find(
    (one) => one.name === name,
  );
  assert.ok(spec);
  const service = startService(root, spec);
  running.set(name, service);
  await waitUntilReady(service);
}

async function ingestAll(untilMs?: number): Promise<void> {
  for (let more = true; more;) {
    const body = { streams: [STREAM], ...(untilMs === undefined ? {} : { until_ms: untilMs }) };
    const { streams } = await clients.ingester.ingestOnce({ body });
    assert.equal(streams[0]?.problem, null);
    more = streams[0]?.more ?? false;
  }
}

type LedgerFile = Output<typeof dataIngesterApi.files>['files'][number];

async function files(): Promise<readonly LedgerFile[]> {
  return (await clients.ingester.files({ query: { stream: STREAM } })).files;
}

test('ml_service dies in the middle of training: every file is processed, each once', async () => {
  await ingestAll(TRAIN_UNTIL_MS);
  const training = clients.ml
    .train({ query: { wait: 'true' }, body: { streams: [STREAM] } })
    .catch((error: unknown) => error);
  while (!(await files()).some((file) => file.status === 'processing')) await pause(POLL_MS);
  await killService('ml_service');
  assert.ok((await training) instanceof CallError, 'the call was cut off');
  assert.ok((await files()).every((file) => file.status === 'processing'));

  await startAgain('ml_service');
  // One asked for now waits for the one that was cut off, which is taken over once its lease has run out.
  const { runs } = await clients.ml.train({ query: { wait: 'true' }, body: { streams: [STREAM] } });
  assert.equal(runs[0]?.status, 'nothing_to_train', runs[0]?.problem?.detail);
  const interrupted = (await clients.ml.runs({ query: { stream: STREAM } })).runs.at(-1);
  assert.deepEqual([interrupted?.status, interrupted?.attempts], ['trained', 2]);
  for (const file of await files()) {
    assert.equal(file.status, 'processed');
    assert.equal(file.claim_epoch, 2, 'claimed by the dead trainer and once more');
  }
});

test('executor dies between send and ack, and before the send: every intent is sent once', async () => {
  await ingestAll();
  const limits = paperLimits([{ stream: STREAM, instrument: 'SP500' }], STRATEGY);
  await clients.gate.setLimits({ body: { ...by, limits } });
  await clients.executor.openPaperAccount({ body: PAPER_TERMS });
  // A fixed preset makes the same orders whatever was learned before.
  const mode = { strategy: STRATEGY, instrument: 'SP500', mode: 'fixed', preset_id: 'aggressive' } as const;
  await clients.params.setMode({ body: { ...by, ...mode } });
  for (const point of ['after_send', 'before_send']) {
    await killService('executor');
    await startAgain('executor', { AISTOCK_FAULTS: '1', FAULT_POINT: point, FAULT_AT_ORDER: '2' });
    await assert.rejects(session(), CallError, `executor was killed ${point}`);
    assert.match((await running.get('executor')?.ended) ?? '', /SIGKILL/);
    await startAgain('executor');
    await reconcile(clients.executor);
  }
  const finished = await session();
  assert.equal(finished.unknown, 0);
  await expectEachIntentSentOnce();
  const again = await session();
  assert.deepEqual([again.bars, again.intents], [0, 0], 'nothing is done twice');
});

async function session() {
  const done = await clients.engine.session({
    body: {
      strategy: STRATEGY,
      stream: STREAM,
      account: PAPER_ACCOUNT,
      from_ms: TRAIN_UNTIL_MS,
      to_ms: Date.now(),
    },
  });
  assert.equal(done.mode, 'replay');
  return done;
}

async function expectEachIntentSentOnce(): Promise<void> {
  const { orders, counts } = await clients.executor.orders({
    query: { account: PAPER_ACCOUNT, limit: '1000' },
  });
  const decisions = new Set(orders.map((order) => order.decision_id));
  assert.ok(orders.length >= 4, `the session placed ${orders.length} orders`);
  assert.equal(decisions.size, orders.length);
  const sent = orders.filter(
    (order) => !['DENIED', 'EXPIRED'].includes(order.status) || order.broker_order_id !== null,
  );
  assert.deepEqual(
    { unknown: counts.UNKNOWN ?? 0, sending: counts.SENDING ?? 0 },
    { unknown: 0, sending: 0 },
  );
  const admin = openDatabase({ url: stack.place.adminUrl, applicationName: 'kill_test' });
  try {
    const venue = await sql<{
      client_order_id: string;
    }>`SELECT client_order_id FROM trading.paper_order`.execute(admin);
    assert.deepEqual(
      venue.rows.map((row) => row.client_order_id).toSorted(),
      sent.map((order) => order.client_order_id).toSorted(),
      'the venue has exactly the orders that we think we sent',
    );
  } finally {
    await admin.destroy();
  }
}

test('the record of it all verifies', async () => {
  const verified = await clients.auditor.verify();
  assert.equal(verified.verified, true, JSON.stringify(verified.first_bad));
  assert.equal(verified.waiting, 0);
});
