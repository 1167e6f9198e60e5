// The promise: a universe is chosen by what was known at a time and by nothing else, what it was chosen by can be checked
// later, and where something that was asked for cannot be told nothing is chosen.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CallError, canonicalJson, sha256Hex } from '@aistock/shared';
import { createRig, ingestAll, type Rig, type Running } from './rig.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1);
const DAYS = 60;
const WHO = { by: 'Ada', reason: 'the month begins' };

/** Daily bars with a range of 1 % from a day on; the volume of DEEP falls after day 40. */
const MARKETS: Readonly<Record<string, { fromDay: number; volume: (day: number) => number }>> = {
  DEEP: { fromDay: 0, volume: (day) => (day < 40 ? 1_000 : 10) },
  THIN: { fromDay: 0, volume: () => 1 },
  NEW: { fromDay: 45, volume: () => 1_000 },
};

function csv(name: string): string {
  const { fromDay, volume } = MARKETS[name]!;
  const rows = Array.from({ length: DAYS - fromDay }, (_, index) => {
    const day = fromDay + index;
    return `${START_MS + day * DAY_MS},100,100.5,99.5,${100 + (day % 2) / 10},${volume(day)}`;
  });
  return ['timestamp,open,high,low,close,volume', ...rows, ''].join('\n');
}

let rig: Rig;
let running: Running;
let finnhub: Server;
let nowMs = START_MS + DAYS * DAY_MS;
let reports: (day: string) => { status: number; body: unknown } = () => ({ status: 403, body: {} });
const asked: string[] = [];

before(async () => {
  rig = await createRig();
  finnhub = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    asked.push(`${url.searchParams.get('from')}..${url.searchParams.get('to')}`);
    const { status, body } = reports(url.searchParams.get('from') ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(finnhub, 'listening');
  for (const name of Object.keys(MARKETS)) {
    await mkdir(join(rig.folder, 'bars', `${name}-USD`), { recursive: true });
    await writeFile(join(rig.folder, 'bars', `${name}-USD`, '1d.csv'), csv(name));
  }
  await writeFile(join(rig.folder, 'sources.yaml'), sources((finnhub.address() as AddressInfo).port));
  running = await start({});
  for (const name of Object.keys(MARKETS)) await ingestAll(running.client, `files:${name}/USD:1d`);
});
after(async () => {
  await rig.close();
  finnhub.closeAllConnections();
  finnhub.close();
});

function sources(port: number): string {
  return `
sources:
  files: { kind: csv, folder: bars }
  finnhub: { kind: finnhub, origin: 'http://127.0.0.1:${port}' }
streams:
  - { sources: [files], instruments: [DEEP/USD, THIN/USD, NEW/USD], timeframes: [1d], calendar: always }
universes:
  all: { source: files }
  liquid:
    source: files
    window_days: 10
    filters: { min_dollar_volume: 50000, min_age_days: 5, max_spread_bps: 200, min_price: '99' }
  quiet:
    source: files
    instruments: [DEEP/USD, THIN/USD]
    window_days: 10
    filters: { earnings_blackout: { days_before: 1, days_after: 1 } }
`;
}

/** The sources file names Finnhub, which needs a key to be opened: a test without one leaves it out. */
async function start(env: Record<string, string>): Promise<Running> {
  return rig.start(
    { SOURCES_FILE: join(rig.folder, 'sources.yaml'), FINNHUB_API_KEY: 'key-of-a-test', ...env },
    { clock: { nowMs: () => nowMs } },
  );
}

const refresh = (name: string, asOfMs?: number) =>
  running.client.refreshUniverse({
    params: { name },
    body: { ...WHO, ...(asOfMs !== undefined && { as_of_ms: asOfMs }) },
  });
const membersAt = async (name: string, asOfMs: number): Promise<string[]> => {
  const { members } = await running.client.universe({
    params: { name },
    query: { as_of_ms: String(asOfMs) },
  });
  return members.map(({ instrument }) => instrument);
};

async function refused(call: Promise<unknown>, code: string): Promise<CallError> {
  const error = await call.then(
    () => assert.fail(`${code} was expected`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError, String(error));
  assert.equal(error.problem?.code, code);
  return error;
}

test('members by their newest days, and why the others are none', async () => {
  const chosen = await refresh('liquid');
  assert.deepEqual(
    chosen.members.map(({ stream }) => stream),
    ['files:NEW/USD:1d'],
  );
  const { inputs, inputs_sha256: hash } = await running.client.universe({
    params: { name: 'liquid' },
    query: {},
  });
  assert.equal(hash, sha256Hex(canonicalJson(inputs)));
  assert.deepEqual(
    inputs.candidates.map(({ instrument, excluded }) => [instrument, excluded.map(({ reason }) => reason)]),
    [
      ['DEEP/USD', ['dollar_volume']],
      ['THIN/USD', ['dollar_volume']],
      ['NEW/USD', []],
    ],
  );
  const { measures } = inputs.candidates[0]!;
  assert.equal(measures?.price, '100.1');
  assert.equal(measures.dollar_volume, 1000.5);
  assert.ok(Math.abs(measures.spread_bps! - 100) < 0.01, String(measures.spread_bps));
});

test('members as of an earlier day are chosen by what had closed by then', async () => {
  const early = START_MS + 40 * DAY_MS;
  await refresh('liquid', early);
  assert.deepEqual(await membersAt('liquid', early), ['DEEP/USD']);
  assert.deepEqual(await membersAt('liquid', nowMs - 1), ['DEEP/USD']);
  assert.deepEqual(await membersAt('liquid', nowMs), ['NEW/USD']);
  await refused(
    running.client.universe({ params: { name: 'liquid' }, query: { as_of_ms: String(early - 1) } }),
    'universe_not_refreshed',
  );
  await refused(
    running.client.universe({
      params: { name: 'liquid' },
      query: { as_of_ms: String(early), known_ms: String(nowMs - 1) },
    }),
    'universe_not_refreshed',
  );
  const future = await refused(refresh('liquid', nowMs + 1), 'invalid_request');
  assert.equal(future.problem?.fields?.[0]?.field, 'body.as_of_ms');
});

test('what was chosen for a time stays, and is on the record once', async () => {
  const first = await refresh('all');
  assert.deepEqual(
    first.members.map(({ instrument }) => instrument),
    ['DEEP/USD', 'NEW/USD', 'THIN/USD'],
  );
  assert.deepEqual(await refresh('all'), first);
  const events = await rig.database.db
    .selectFrom('audit.outbox')
    .select(['payload'])
    .where('kind', '=', 'universe.refreshed')
    .where('subject', '=', 'all')
    .execute();
  assert.equal(events.length, 1);
  assert.partialDeepStrictEqual(JSON.parse(events[0]!.payload), {
    by: 'Ada',
    members: 3,
    inputs_sha256: first.inputs_sha256,
    joined: first.members.map(({ stream }) => stream),
  });
  const { universes } = await running.client.universes({});
  assert.deepEqual(
    universes.map(({ universe, members }) => [universe, members]),
    [
      ['all', 3],
      ['liquid', 1],
      ['quiet', null],
    ],
  );
});

test('who reports earnings is out, and nobody is in where that cannot be told', async () => {
  await refused(refresh('quiet'), 'earnings_unavailable');
  await refused(running.client.universe({ params: { name: 'quiet' }, query: {} }), 'universe_not_refreshed');

  asked.length = 0;
  const day = new Date(nowMs - 5 * 3_600_000).toISOString().slice(0, 10);
  reports = (of) => ({
    status: 200,
    body: { earningsCalendar: of === day ? [{ date: of, symbol: 'THIN/USD', hour: 'amc' }] : [] },
  });
  const { members } = await refresh('quiet');
  assert.deepEqual(
    members.map(({ instrument }) => instrument),
    ['DEEP/USD'],
  );
  assert.deepEqual(asked, ['2024-02-28..2024-02-28', '2024-02-29..2024-02-29', '2024-03-01..2024-03-01']);
  const { inputs } = await running.client.universe({ params: { name: 'quiet' }, query: {} });
  assert.equal(inputs.earnings_sha256.length, 3);
  await refused(refresh('quiet', nowMs - 3 * DAY_MS), 'invalid_request');
});

test('without a key a blackout that was asked for refuses the refresh', async () => {
  const file = join(rig.folder, 'keyless.yaml');
  const text = sources(1).replace(/^ {2}finnhub: .*$/m, '');
  await writeFile(file, text);
  const keyless = await start({ SOURCES_FILE: file, FINNHUB_API_KEY: '' });
  nowMs += 60_000;
  const call = keyless.client.refreshUniverse({ params: { name: 'quiet' }, body: WHO });
  const { message } = await refused(call, 'earnings_unavailable');
  assert.match(message, /FINNHUB_API_KEY/);
});

test('a name that nobody configured', async () => {
  await refused(refresh('nobody'), 'universe_unknown');
});
