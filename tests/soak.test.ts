import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSoak, type StreamOutcome } from './soak/judge-soak.ts';
import { runSoak } from './soak/run-soak.ts';
import type { Sample } from './soak/sample.ts';
import { barsPerStream, type SoakTerms } from './soak/soak-terms.ts';

const TERMS: SoakTerms = { seconds: 600, streams: 2, seed: 1 };
const BARS = barsPerStream(TERMS);
const SAMPLES = 120;

/** What is seen every five seconds of an ingester whose memory is some function of the minutes. */
function samplesOf(residentMib: (minutes: number) => number, more: Partial<Sample> = {}): Sample[] {
  return Array.from({ length: SAMPLES }, (_each, index) => ({
    atS: index * 5,
    residentMib: residentMib((index * 5) / 60),
    heapMib: 50,
    postgresMib: 40,
    descriptors: 50,
    bars: 2 * BARS,
    barsBehind: 2,
    lakeFiles: 1_000,
    ...more,
  }));
}

const GOOD: StreamOutcome = { stream: 'a', compared: BARS, different: 0, examples: [], gaps: 0 };
const zigzag = (minutes: number): number => 400 + (Math.round(minutes * 12) % 2) * 20;
const faultsOf = (samples: readonly Sample[], ...outcomes: readonly StreamOutcome[]) =>
  judgeSoak(TERMS, samples, outcomes).faults;

test('memory that goes up and down, or grew at first only, is flat', () => {
  assert.deepEqual(faultsOf(samplesOf(zigzag), GOOD), []);
  assert.deepEqual(
    faultsOf(
      samplesOf((minutes) => Math.min(500, 400 + minutes * 25)),
      GOOD,
    ),
    [],
  );
});

test('memory that keeps growing is not, also where it goes up and down on the way', () => {
  const { residentMib, faults } = judgeSoak(
    TERMS,
    samplesOf((minutes) => zigzag(minutes) + 5 * minutes),
    [GOOD],
  );
  assert.ok(Math.abs(residentMib.perMinute - 5) < 0.5, String(residentMib.perMinute));
  assert.match(faults.join(), /^memory grows by/);
});

test('what is missing, different or late is told', () => {
  const flat = samplesOf(() => 400);
  assert.match(faultsOf(flat, { ...GOOD, compared: BARS - 1 }).join(), /a: \d+ bars were compared, not/);
  assert.match(faultsOf(flat, { ...GOOD, different: 1, examples: ['x'] }).join(), /a: 1 bars are not/);
  assert.match(faultsOf(flat, { ...GOOD, gaps: 1 }).join(), /a: 1 gaps/);
  assert.match(
    faultsOf(
      samplesOf(() => 400, { bars: 1 }),
      GOOD,
    ).join(),
    /1 bars are held, not/,
  );
  assert.match(
    faultsOf(
      samplesOf(() => 400, { barsBehind: 31 }),
      GOOD,
    ).join(),
    /31 bars behind/,
  );
});

/** `./scripts/soak` does the same with fifty streams for ten minutes, which is long enough to judge memory by. */
test('an ingester follows its streams by its own schedule, bar for bar', async () => {
  const { bars, faults } = await runSoak({ seconds: 15, streams: 3, seed: 1 }, Date.now(), () => undefined);
  assert.equal(bars.held, bars.expected);
  assert.deepEqual(
    faults.filter((fault) => !fault.startsWith('memory')),
    [],
  );
});
