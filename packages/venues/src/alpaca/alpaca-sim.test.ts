import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  generatedSeries,
  startVenueSim,
  venueClock,
  type MarketTerms,
  type MisbehaviourTerms,
  type VenueSim,
} from '@aistock/venue_sim';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import type { BarSource } from '../bar-source.ts';
import { alpacaSource } from './alpaca-source.ts';

const START_MS = Date.parse('2024-01-02T14:30:00Z');
const MINUTE_MS = 60_000;
const BARS = 25_000;
const NOW_MS = START_MS + 24_000.5 * MINUTE_MS;

const market = (instrument: string): MarketTerms => ({
  venue: 'alpaca',
  instrument,
  bars: generatedSeries({ seed: 3, timeframe: '1m', startMs: START_MS, bars: BARS }),
});

const startSim = (...misbehave: readonly MisbehaviourTerms[]): Promise<VenueSim> =>
  startVenueSim({
    markets: [market('AAPL'), market('BTC/USD')],
    clock: venueClock({ nowMs: NOW_MS, rate: 0, realMs: () => performance.now() }),
    misbehave,
  });

function open(sim: VenueSim, feed: 'iex' | 'crypto_us' = 'iex'): BarSource {
  const account = { keyId: 'key', secret: 'secret', feed, adjustment: 'raw' } as const;
  return alpacaSource({ ...webTermsOf({ origin: sim.url }, NOW_MS), timeoutMs: 500, ...account });
}

/** Every closed bar from the first on, chunk by chunk as an ingester takes them. */
async function takeAll(source: BarSource, instrument: string, limit: number): Promise<readonly number[]> {
  const clockMs = await source.clockMs();
  const opens: number[] = [];
  for (let more = true; more;) {
    const sinceMs = opens.length === 0 ? START_MS : opens.at(-1)! + 1;
    const fetched = await source.fetchBars({ instrument, timeframe: '1m', sinceMs, limit });
    const closed = fetched.bars.filter((bar) => bar.openMs + MINUTE_MS <= clockMs);
    opens.push(...closed.map(({ openMs }) => openMs));
    more = fetched.more && closed.length > 0;
  }
  return opens;
}

const EXPECTED = Array.from({ length: 24_000 }, (_, index) => START_MS + index * MINUTE_MS);

test('all bars that have closed by its clock, over several pages, of stocks and of crypto', async () => {
  await using sim = await startSim();
  assert.equal(await open(sim).clockMs(), Math.floor(NOW_MS / 1000) * 1000);
  assert.deepEqual(await takeAll(open(sim), 'AAPL', 30_000), EXPECTED);
  assert.deepEqual(await takeAll(open(sim, 'crypto_us'), 'BTC/USD', 7_000), EXPECTED);
  const paths = new Set(sim.control.requests().map(({ url }) => url.split('?')[0]));
  assert.deepEqual(paths, new Set(['/v2/clock', '/v2/stocks/bars', '/v1beta3/crypto/us/bars']));
});

test('the bars are those of the market, digit by digit', async () => {
  await using sim = await startSim();
  const { bars } = await open(sim).fetchBars({
    instrument: 'AAPL',
    timeframe: '1m',
    sinceMs: START_MS,
    limit: 500,
  });
  const series = market('AAPL').bars;
  assert.deepEqual(
    bars,
    bars.map((_, index) => series.barAt(index)),
  );
  assert.equal(bars.length, 500);
});

const MISBEHAVIOURS: readonly MisbehaviourTerms[] = [
  { kind: 'rate_limit', count: 2 },
  { kind: 'server_error', count: 2 },
  { kind: 'reset', count: 2 },
  { kind: 'timeout', count: 1 },
  { kind: 'page_twice', count: 2 },
  { kind: 'wrong_order', count: 2 },
  { kind: 'overlap', count: 2 },
  { kind: 'earliest_bars', count: 2 },
];

for (const rule of MISBEHAVIOURS)
  test(`no bar is lost or doubled with ${rule.kind}`, async () => {
    await using sim = await startSim();
    const source = open(sim);
    const first = await source.fetchBars({
      instrument: 'AAPL',
      timeframe: '1m',
      sinceMs: START_MS,
      limit: 5_000,
    });
    sim.control.misbehave(rule);
    const sinceMs = first.bars.at(-1)!.openMs + 1;
    const { bars } = await source.fetchBars({ instrument: 'AAPL', timeframe: '1m', sinceMs, limit: 15_000 });
    assert.deepEqual(
      bars.map(({ openMs }) => openMs),
      EXPECTED.slice(5_000, 20_000),
    );
    assert.ok(sim.control.status().rules.every((state) => state.hits > 0));
  });

test('what cannot be made good ends in an error and not in fewer bars', async () => {
  const request = { instrument: 'AAPL', timeframe: '1m', sinceMs: START_MS, limit: 15_000 } as const;
  const rules = [
    [{ kind: 'truncated_json', count: 1 }, 'malformed_data'],
    [{ kind: 'server_error', rate: 1 }, 'source_unreachable'],
    [{ kind: 'rate_limit', rate: 1 }, 'rate_limited'],
    [{ kind: 'ban', count: 1, retryAfterS: 30 }, 'rate_limited'],
  ] as const satisfies readonly (readonly [MisbehaviourTerms, Parameters<typeof isSourceError>[0]])[];
  for (const [rule, code] of rules) {
    await using sim = await startSim(rule);
    await assert.rejects(open(sim).fetchBars(request), isSourceError(code), rule.kind);
  }
  await using sim = await startSim();
  const source = open(sim);
  await source.fetchBars(request);
  sim.control.misbehave({ kind: 'earliest_bars', rate: 1 });
  await assert.rejects(
    source.fetchBars({ ...request, sinceMs: START_MS + 20_000 * MINUTE_MS, limit: 1_000 }),
    isSourceError('source_stuck'),
  );
});

test('a name that there is not, and one that has no bars yet', async () => {
  await using sim = await startSim();
  const request = { timeframe: '1m', sinceMs: NOW_MS - 1, limit: 10 } as const;
  await assert.rejects(
    open(sim).fetchBars({ ...request, instrument: 'MSFT' }),
    isSourceError('unknown_instrument'),
  );
  const early = { ...request, timeframe: '1d' } as const;
  assert.deepEqual((await open(sim).fetchBars({ ...early, instrument: 'AAPL' })).bars, []);
});

test('the calendar is that of the New York Stock Exchange', async () => {
  await using sim = await startSim();
  const days = await open(sim).calendarDays!(Date.parse('2024-11-28'), Date.parse('2024-12-03'));
  assert.deepEqual(
    days.map(({ day, closesMs }) => [day, new Date(closesMs).toISOString().slice(11, 16)]),
    [
      ['2024-11-29', '18:00'],
      ['2024-12-02', '21:00'],
    ],
  );
});
