import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { checkBars, type Bar } from '@aistock/market';
import { generatedSeries, startVenueSim, venueClock, type MisbehaviourTerms } from '@aistock/venue_sim';
import { SourceError, type BarSource, type FetchedBars } from '../bar-source.ts';
import { ccxtSource } from './ccxt-source.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_700_006_400_000;
const TURNS_MAX = 60;

const VENUES = {
  binance: { venue: 'binance', instrument: 'BTC/USDT', bars: 3_000, chunkBars: 400 },
  kraken: { venue: 'kraken', instrument: 'BTC/USD', bars: 700, chunkBars: 60 },
} as const;
type Name = keyof typeof VENUES;

/** The venue half a minute before the last bar closes. */
function startVenue(name: Name, misbehave: readonly MisbehaviourTerms[]) {
  const { venue, instrument, bars } = VENUES[name];
  const series = generatedSeries({ seed: 7, timeframe: '1m', startMs: START_MS, bars });
  const nowMs = START_MS + (bars - 0.5) * MINUTE_MS;
  const clock = venueClock({ nowMs, rate: 0, realMs: () => performance.now() });
  return startVenueSim({ markets: [{ venue, instrument, bars: series }], clock, misbehave });
}

function open(name: Name, origin: string): Promise<BarSource> {
  return ccxtSource({
    exchange: name,
    origin,
    nowMs: () => Date.UTC(2026, 0, 1),
    newRequestId: randomUUID,
    timeoutMs: 200,
    retryWorld: { chance: () => 0, nowMs: () => performance.now(), sleep: () => Promise.resolve() },
  });
}

/** What a source gives to one who takes closed bars chunk by chunk, whose process ends after each chunk. */
async function takeAll(name: Name, origin: string): Promise<{ bars: Bar[]; errors: string[] }> {
  const { instrument, chunkBars: limit } = VENUES[name];
  const bars: Bar[] = [];
  const errors: string[] = [];
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const watermarkMs = bars.at(-1)?.openMs ?? null;
    const sinceMs = watermarkMs === null ? START_MS : watermarkMs + 1;
    let fetched: FetchedBars;
    let clockMs: number;
    try {
      const source = await open(name, origin);
      clockMs = await source.clockMs();
      fetched = await source.fetchBars({ instrument, timeframe: '1m', sinceMs, limit });
    } catch (error) {
      assert.ok(error instanceof SourceError, String(error));
      errors.push(error.code);
      continue;
    }
    bars.push(
      ...checkBars(fetched.bars, { timeframe: '1m', calendar: 'always', clockMs, watermarkMs }).accepted,
    );
    if (!fetched.more) return { bars, errors };
  }
  throw new Error(`not there after ${TURNS_MAX} turns: ${errors.join(', ')}`);
}

const CASES: Readonly<Record<string, readonly MisbehaviourTerms[]>> = {
  'does as it is asked': [],
  'answers 429 and says when to come back': [{ kind: 'rate_limit', rate: 0.1, retryAfterS: 0 }],
  'bans us for a moment': [{ kind: 'ban', count: 2, retryAfterS: 0 }],
  'answers 503': [{ kind: 'server_error', rate: 0.2 }],
  'does not answer': [{ kind: 'timeout', count: 3 }],
  'drops connections': [{ kind: 'reset', rate: 0.2 }],
  'sends half an answer': [{ kind: 'truncated_json', rate: 0.1 }],
  'gives the page before again': [{ kind: 'page_twice', rate: 0.3 }],
  'gives its first bars': [{ kind: 'earliest_bars', rate: 0.3 }],
  'gives rows in wrong order': [{ kind: 'wrong_order', rate: 0.5 }],
  'begins too early': [{ kind: 'overlap', rate: 0.5, bars: 10 }],
  'has bars that are not there': [{ kind: 'missing_bar', rate: 0.05 }],
  'has restated bars': [{ kind: 'restated_bar', rate: 0.05 }],
  'has a clock that is an hour ahead at times': [
    { kind: 'clock_skew', seed: 2, rate: 0.2, skewMs: 3_600_000 },
  ],
  'does all of that': [
    { kind: 'rate_limit', rate: 0.03, retryAfterS: 0 },
    { kind: 'server_error', rate: 0.03 },
    { kind: 'reset', rate: 0.03 },
    { kind: 'truncated_json', rate: 0.03 },
    { kind: 'page_twice', rate: 0.05 },
    { kind: 'earliest_bars', rate: 0.05 },
    { kind: 'wrong_order', rate: 0.1 },
    { kind: 'overlap', rate: 0.1 },
    { kind: 'missing_bar', rate: 0.02 },
  ],
};

for (const name of ['binance', 'kraken'] as const) {
  for (const [what, misbehave] of Object.entries(CASES)) {
    test(`${name} ${what}: every closed bar once, with its value`, async () => {
      await using sim = await startVenue(name, misbehave);
      const { bars } = await takeAll(name, sim.url);
      assert.deepEqual(bars, [...sim.truth.bars(`${name}:${VENUES[name].instrument}:1m`)]);
      const rules = sim.control.status().rules;
      if (rules.length === 1) assert.ok(rules[0]!.judged === 0 || rules[0]!.hits > 0, 'it never happened');
    });
  }
}

test('a venue that gives nothing but its first bars is named as what it is', async () => {
  await using sim = await startVenue('binance', [{ kind: 'earliest_bars', rate: 1 }]);
  const source = await open('binance', sim.url);
  const sinceMs = START_MS + 2000 * MINUTE_MS;
  await assert.rejects(
    source.fetchBars({ instrument: 'BTC/USDT', timeframe: '1m', sinceMs, limit: 400 }),
    (error) => error instanceof SourceError && error.code === 'source_stuck',
  );
});
