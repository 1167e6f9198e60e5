import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '@aistock/service-kit';
import { SourceError, unpaced, type Pacer } from '@aistock/venues';
import { ingesterConfig } from '../config.ts';
import { groupStreams } from '../schedule/group-streams.ts';
import { parseSources } from './sources-file.ts';
import { SourceOpener } from './opened-sources.ts';
import { streamDefaults } from './stream-defaults.ts';
import { budgetsOf } from './venues.ts';
import { yamlStreams } from './yaml-streams.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const clock = { nowMs: () => NOW_MS };
const config = ingesterConfig({ DATABASE_URL: 'postgres://u@127.0.0.1:5432/d', INGEST_CHUNK_BARS: '77' });
const SECRETS = ingesterConfig({
  DATABASE_URL: 'postgres://u@127.0.0.1:5432/d',
  ALPACA_API_KEY_ID: 'id',
  ALPACA_API_SECRET_KEY: 'secret',
});

async function configured(text: string, secrets = SECRETS, pacer: Pacer = unpaced) {
  const file = { ...parseSources(text, 'f.yaml'), folder: '/data' };
  const opener = new SourceOpener({
    clock,
    newRequestId: () => 'request',
    retryWorld: { chance: () => 0, nowMs: () => 0, sleep: () => Promise.resolve() },
    pacer,
    budgets: budgetsOf(file.sources),
    secrets,
  });
  return yamlStreams(file, streamDefaults(config, clock), opener);
}

const CHAIN = `sources:
  alpaca: { kind: alpaca, adjustment: split }
  yahoo: { kind: yahoo }
  kraken: { kind: ccxt, exchange: kraken }
  spare: { kind: ccxt, exchange: kraken }
  sim: { kind: ccxt, exchange: kraken, origin: 'http://127.0.0.1:9' }
streams:
  - { sources: [alpaca, yahoo], name: us, instruments: [AAPL, MSFT], timeframes: [1d], session: regular, tick_size: '0.01' }
  - { sources: [kraken], instruments: [BTC/USD], timeframes: [1m, 1h], start: 2024-02-01, chunk_bars: 500, compare: { with: sim, tolerance_bps: 5 } }
`;

test('each instrument in each timeframe is a stream with what was said of it', async () => {
  const { streams } = await configured(CHAIN);
  assert.deepEqual(
    streams.map(({ stream, calendar, chunkBars }) => [stream, calendar, chunkBars]),
    [
      ['us:AAPL:1d', 'xnys', 77],
      ['us:MSFT:1d', 'xnys', 77],
      ['kraken:BTC/USD:1m', 'always', 500],
      ['kraken:BTC/USD:1h', 'always', 500],
    ],
  );
  const [apple, , bitcoin] = streams;
  assert.deepEqual(apple?.facts, { feed: null, adjustment: 'split', session: 'regular', tickSize: '0.01' });
  assert.equal(apple?.startMs, NOW_MS - 5_000 * 86_400_000);
  assert.equal(bitcoin?.startMs, Date.UTC(2024, 1, 1));
  assert.equal(bitcoin?.compare?.toleranceBps, 5);
});

test('sources that ask the same venue share its breaker; a server elsewhere is a venue of its own', async () => {
  const { sources } = await configured(CHAIN);
  const byName = new Map(sources.map((source) => [source.name, source]));
  const circuitOf = (name: string) => byName.get(name)?.guarded.circuit;
  assert.equal(circuitOf('kraken'), circuitOf('spare'));
  assert.notEqual(circuitOf('kraken'), circuitOf('sim'));
  assert.deepEqual(
    ['kraken', 'sim', 'yahoo'].map((name) => [byName.get(name)?.venue, byName.get(name)?.origin]),
    [
      ['kraken', null],
      ['sim', 'http://127.0.0.1:9'],
      ['yahoo', null],
    ],
  );
});

test('the test system of an exchange is a venue of its own, with what the exchange allows', async () => {
  const asked: string[] = [];
  const pacer: Pacer = {
    take: ({ venue }) => {
      asked.push(venue);
      return Promise.reject(new SourceError('rate_limited', 'no'));
    },
    note: () => Promise.resolve(),
  };
  const { sources } = await configured(
    `sources:
  real: { kind: ccxt, exchange: binance }
  tried: { kind: ccxt, exchange: binance, sandbox: true }
streams: [{ sources: [real], instruments: [BTC/USDT], timeframes: [1m] }]`,
    SECRETS,
    pacer,
  );
  const [real, tried] = sources;
  assert.deepEqual([real?.venue, tried?.venue], ['binance', 'tried']);
  assert.notEqual(real?.guarded.circuit, tried?.guarded.circuit);
  assert.deepEqual(tried?.budget, real?.budget);
  await assert.rejects(tried!.source.clockMs());
  assert.deepEqual([...new Set(asked)], ['tried']);
});

test('of Alpaca a missing day is a gap and a missing minute is none, and schedules wait for its feed', async () => {
  const late = CHAIN.replace('adjustment: split', 'adjustment: split, feed: sip, delay_s: 900')
    .replace('timeframes: [1d]', 'timeframes: [1d, 1h], schedule: { delay_s: 20 }')
    .replace('sources: [alpaca, yahoo]', 'sources: [alpaca]');
  const { streams } = await configured(late);
  assert.deepEqual(
    streams.slice(0, 2).map(({ timeframe, gapMeaning }) => [timeframe, gapMeaning]),
    [
      ['1d', 'session'],
      ['1h', 'trades_only'],
    ],
  );
  assert.deepEqual(
    groupStreams(streams).map(({ expression }) => expression),
    ['20 15 13,16 * * 1-5', '20 15 9,10,11,12,13,14,15,16 * * 1-5'],
  );
});

test('a chain that would mix adjustments is refused', async () => {
  const mixed = CHAIN.replace('adjustment: split', 'adjustment: raw');
  await assert.rejects(configured(mixed), (error: Error) => {
    assert.ok(error instanceof ConfigError);
    return /sources of us adjust prices differently \(raw, split\).*a stream of its own/.test(error.message);
  });
});

test('a source without its key is refused by the name of the variable', async () => {
  await assert.rejects(
    configured(CHAIN, config),
    /ALPACA_API_KEY_ID: is not set; the source alpaca needs it/,
  );
});

test('a folder that is not there is refused at the start, with its path', async () => {
  const text = CHAIN.replace('sources:\n', 'sources:\n  files: { kind: csv, folder: nowhere }\n');
  await assert.rejects(
    configured(text),
    /SOURCES_FILE: sources\.files: \/data\/nowhere cannot be read \(ENOENT/,
  );
});

const hashes = async (text: string) => (await configured(text)).streams.map(({ configHash }) => configHash);

test('what changes a stream changes its hash; its neighbours do not', async () => {
  const [before] = await hashes(CHAIN);
  assert.notEqual((await hashes(CHAIN.replace('session: regular', 'session: extended')))[0], before);
  assert.equal((await hashes(CHAIN.replace('AAPL, MSFT', 'AAPL, NVDA')))[0], before);
  assert.equal((await hashes(CHAIN.replace('chunk_bars: 500', 'chunk_bars: 600')))[0], before);
});

const budgetsTold = (one: string, other: string) =>
  budgetsOf(
    parseSources(
      `sources:
  a: { kind: ccxt, exchange: kraken, budget: ${one} }
  b: { kind: ccxt, exchange: kraken, budget: ${other} }
streams: [{ sources: [a], instruments: [BTC/USD], timeframes: [1m] }]`,
      'f.yaml',
    ).sources,
  );

test('one venue has one budget, whoever tells it', () => {
  assert.deepEqual(budgetsTold('{ per_second: 2 }', '{ per_second: 2 }'), {
    kraken: { windows: [{ windowMs: 1_000, weightMax: 2 }] },
  });
  assert.throws(
    () => budgetsTold('{ per_second: 2 }', '{ per_minute: 2 }'),
    /kraken has another budget in another source/,
  );
});
