// The promise: what an exchange no longer keeps is told, and never looks as if it had not been there.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generatedSeries, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import { createRig, ingestAll, type Rig } from './rig.ts';
import { until } from './spawned-service.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const BARS = 1_000;

let rig: Rig;
let venue: VenueSim;
before(async () => {
  rig = await createRig();
  const bars = generatedSeries({ seed: 3, timeframe: '1m', startMs: START_MS, bars: BARS + 1 });
  const nowMs = START_MS + (BARS + 0.5) * MINUTE_MS;
  const clock = venueClock({ nowMs, rate: 0, realMs: () => performance.now() });
  venue = await startVenueSim({ markets: [{ venue: 'kraken', instrument: 'BTC/USD', bars }], clock });
});
after(async () => {
  await rig.close();
  await venue.stop();
});

/** A stream of a name of its own, from the venue's clock back to where its bars began. */
async function start(name: string) {
  const file = join(rig.folder, `${name}.yaml`);
  await writeFile(
    file,
    `sources:
  kraken: { kind: ccxt, exchange: kraken, origin: '${venue.url}' }
streams:
  - { sources: [kraken], name: ${name}, instruments: [BTC/USD], timeframes: [1m], start: 2024-01-01 }
`,
  );
  return (await rig.start({ SOURCES_FILE: file })).client;
}

test('kraken keeps 720 bars: the older ones that were asked for are named', async () => {
  const [first, ...later] = await ingestAll(await start('kraken'), 'kraken:BTC/USD:1m');
  const oldest = first!.file!.first_open_ms;
  assert.ok(oldest > START_MS);
  assert.deepEqual(first!.unserved, [
    { from_ms: START_MS, to_ms: oldest, why: 'only the newest 720 bars are kept' },
  ]);
  assert.deepEqual(
    later.flatMap(({ unserved }) => unserved),
    [],
  );
});

test('a backfill tells where the exchange begins, and that it is no more than that', async () => {
  const client = await start('back');
  const body = { since_ms: START_MS, until_ms: START_MS + BARS * MINUTE_MS };
  const { backfill_id: id } = await client.startBackfill({ body });
  const state = () => client.backfill({ params: { backfill_id: id! } });
  await until(async () => (await state()).status !== 'running');
  const { status, streams } = await state();
  const { first_open_ms: oldest, bars } = (await client.streams()).streams.find(
    ({ source }) => source === 'back',
  )!;
  assert.ok(bars < BARS);
  assert.deepEqual(
    [status, streams[0]!.from_ms, streams[0]!.bars_done, streams[0]!.bars_total],
    ['done', oldest, bars, bars],
  );
});
