import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seriesOf, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import type { Bar } from '@aistock/shared';
import { allBars, createRig, ingestAll, type Rig, type Running } from './rig.ts';

const STEP_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const BARS = 60;
/** How often the outcome of a comparison is asked for at most. */
const ASKED_MAX = 2_000;
const STREAM = 'pair:BTC/USDT:1m';

type SimBar = Parameters<typeof seriesOf>[0][number];

function bar(i: number, close: number): SimBar {
  const [low, high] = [close - 1, close + 1].map(String) as [string, string];
  return {
    openMs: START_MS + i * STEP_MS,
    open: String(close),
    high,
    low,
    close: String(close),
    volume: '5',
  };
}

/** A venue whose bars all close at this price, with its clock standing right behind the last one. */
function startVenue(close: number): Promise<VenueSim> {
  const bars = seriesOf(
    Array.from({ length: BARS }, (_, i) => bar(i, close)),
    '1m',
  );
  const clock = venueClock({
    nowMs: START_MS + BARS * STEP_MS + 5_000,
    rate: 0,
    realMs: () => performance.now(),
  });
  return startVenueSim({ markets: [{ venue: 'binance', instrument: 'BTC/USDT', bars }], clock });
}

let rig: Rig;
let first: VenueSim;
let second: VenueSim;
before(async () => {
  rig = await createRig();
  [first, second] = await Promise.all([startVenue(1000), startVenue(1010)]);
});
after(async () => {
  await Promise.all([rig.close(), first.stop(), second.stop()]);
});

/** Both venues speak as binance does; the first has a budget, as a server elsewhere has only where it is told one. */
async function start(name: string, entry: string, budget = ''): Promise<Running> {
  const file = join(rig.folder, `${name}.yaml`);
  await writeFile(
    file,
    `sources:
  best: { kind: ccxt, exchange: binance, origin: '${first.url}'${budget} }
  spare: { kind: ccxt, exchange: binance, origin: '${second.url}' }
streams:
  - name: ${name}
    instruments: [BTC/USDT]
    timeframes: [1m]
    start: 2024-01-01
    chunk_bars: 10
    ${entry}
`,
  );
  return rig.start({ SOURCES_FILE: file, LAKE_DIR: join(rig.folder, name) });
}

const closesOf = (bars: readonly Bar[]): Set<string> => new Set(bars.map(({ close }) => close));
interface State {
  readonly sources: { name: string; breaker: string }[];
  readonly budgets: { venue: string; windows: { used: number }[]; banned_until_ms: number | null }[];
}

async function stateOf({ service }: Running): Promise<State> {
  const response = await fetch(`${service.url}/status`);
  const { state } = (await response.json()) as { state: State };
  return state;
}
const metricsOf = async ({ service }: Running): Promise<string> =>
  (await fetch(`${service.url}/metrics`)).text();

test('the next source takes over when the breaker opens, and what it gives goes on where the first stopped', async () => {
  const running = await start('pair', 'sources: [best, spare]');
  const { client } = running;
  const once = async () => (await client.ingestOnce({ body: { streams: [STREAM] } })).streams[0]!;
  assert.equal((await once()).accepted, 10);

  first.control.misbehave({ kind: 'truncated_json', rate: 1 });
  let failures = 0;
  let taken = await once();
  for (; taken.status !== 'ingested' && failures < 10; failures++) taken = await once();
  assert.deepEqual([failures, taken.status, taken.accepted], [4, 'ingested', 10]);
  await ingestAll(client, STREAM);
  const bars = await allBars(client, STREAM);
  assert.deepEqual(
    bars.map(({ open_ms }) => open_ms),
    Array.from({ length: BARS }, (_, i) => START_MS + i * STEP_MS),
  );
  assert.deepEqual(
    [closesOf(bars.slice(0, 10)), closesOf(bars.slice(10))],
    [new Set(['1000']), new Set(['1010'])],
  );

  const { sources } = await stateOf(running);
  assert.deepEqual(
    sources.map(({ name, breaker }) => [name, breaker]),
    [
      ['best', 'open'],
      ['spare', 'closed'],
    ],
  );
  const page = await metricsOf(running);
  assert.match(page, /venue_breaker_state\{[^}]*venue="best"[^}]*state="open"[^}]*\} 1/);
  assert.match(page, /venue_breaker_state\{[^}]*venue="spare"[^}]*state="open"[^}]*\} 0/);
  first.control.behave();
});

test('bars are compared with another source in the background, and what differs is told', async () => {
  const { client } = await start(
    'checked',
    'sources: [best]\n    compare: { with: spare, tolerance_bps: 50 }',
  );
  const stream = 'checked:BTC/USDT:1m';
  await ingestAll(client, stream);
  const told = () => client.differences({ params: { id: stream } });
  let now = await told();
  for (let asked = 0; (now.comparisons[0]?.compared_bars ?? 0) < BARS && asked < ASKED_MAX; asked++)
    now = await told();
  assert.deepEqual(now.comparisons, [
    {
      against: 'spare',
      compared_bars: BARS,
      undecided_bars: 0,
      skipped_bars: 0,
      last_problem: null,
      differing_bars: { price: BARS, volume: 0, missing_here: 0, missing_there: 0 },
    },
  ]);
  const [day] = now.differences;
  assert.deepEqual([day?.day_ms, day?.bars, day?.worst.value?.ours], [START_MS, BARS, '999']);
  const quality = await client.quality({ params: { id: stream } });
  assert.deepEqual(quality.comparisons, now.comparisons);
  assert.match(await client.qualityPage({ params: { id: stream } }), />spare<\/td>\s*<td class="n">60</);
});

test('a ban stops every process at once, and both pages tell it', async () => {
  const running = await start('banned', 'sources: [best]', ', budget: { per_minute: 6000 }');
  const other = await start('banned_too', 'sources: [best]', ', budget: { per_minute: 6000 }');
  first.control.misbehave({ kind: 'ban', count: 1, retryAfterS: 600 });
  const [mine] = (await running.client.ingestOnce()).streams;
  assert.equal(mine?.problem?.code, 'rate_limited');
  const asked = first.control.status().requests;
  const [theirs] = (await other.client.ingestOnce()).streams;
  assert.deepEqual([theirs?.problem?.code, first.control.status().requests], ['rate_limited', asked]);
  assert.match(theirs?.problem?.detail ?? '', /status 418/);

  const { budgets } = await stateOf(other);
  const best = budgets.find(({ venue }) => venue === 'best');
  assert.ok(best?.banned_until_ms && best.windows[0]!.used > 0);
  const page = await metricsOf(other);
  assert.match(page, /venue_banned_until_seconds\{[^}]*venue="best"[^}]*\} [1-9]/);
  assert.match(page, /venue_budget_limit\{[^}]*venue="best"[^}]*window_s="60"[^}]*\} 6000/);
});
