// The promise: what an exchange no longer keeps is told, and never looks as if it had not been there.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generatedSeries, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import { createRig, ingestAll, type Rig } from './rig.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const BARS = 1_000;
const STREAM = 'kraken:BTC/USD:1m';

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

test('kraken keeps 720 bars: the older ones that were asked for are named', async () => {
  const file = join(rig.folder, 'sources.yaml');
  await writeFile(
    file,
    `sources:
  kraken: { kind: ccxt, exchange: kraken, origin: '${venue.url}' }
streams:
  - { sources: [kraken], instruments: [BTC/USD], timeframes: [1m], start: 2024-01-01 }
`,
  );
  const { client } = await rig.start({ SOURCES_FILE: file });
  const [first, ...later] = await ingestAll(client, STREAM);
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
