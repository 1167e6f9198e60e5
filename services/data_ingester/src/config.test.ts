import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConfigError } from '@aistock/service-kit';
import { unpaced } from '@aistock/venues';
import { ingesterConfig } from './config.ts';
import { configuredStreams } from './configured-streams.ts';

const CLOCK = { nowMs: () => Date.UTC(2026, 0, 1) };
const WORLD = {
  clock: CLOCK,
  newRequestId: () => 'request',
  retryWorld: { chance: () => 0, nowMs: () => 0, sleep: () => Promise.resolve() },
  pacerOf: () => unpaced,
};
const DATABASE_URL = 'postgres://aistock_data_ingester@127.0.0.1:5432/aistock';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistock-config-'));
  for (const path of ['binance/BTC-USDT', 'nasdaq/AAPL', 'empty'])
    await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'binance/BTC-USDT/1m.csv'), 'timestamp,open,high,low,close,volume\n');
  await writeFile(join(folder, 'binance/BTC-USDT/1h.csv'), 'timestamp,open,high,low,close,volume\n');
  await writeFile(join(folder, 'nasdaq/AAPL/1d.csv'), 'date,open,high,low,close,volume\n');
});
after(() => rm(folder, { recursive: true }));

async function streamsOf(env: Record<string, string>): Promise<string[]> {
  const { streams } = await configuredStreams(ingesterConfig({ DATABASE_URL, ...env }), WORLD);
  return streams.map(({ stream, calendar }) => `${stream} ${calendar}`);
}

async function problemsOf(env: Record<string, string>): Promise<string> {
  try {
    await streamsOf(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.join('\n');
  }
  return 'none';
}

test('with nothing set it is the S&P 500 that ships with this project', async () => {
  assert.deepEqual(await streamsOf({}), ['csv:SP500:1d xnys']);
});

test('a folder gives every series that it holds, or those that are named', async () => {
  assert.deepEqual(await streamsOf({ CSV_DIR: folder }), [
    'binance:BTC/USDT:1h always',
    'binance:BTC/USDT:1m always',
    'nasdaq:AAPL:1d xnys',
  ]);
  assert.deepEqual(await streamsOf({ CSV_DIR: folder, SYMBOLS: 'AAPL' }), ['nasdaq:AAPL:1d xnys']);
  assert.deepEqual(await streamsOf({ CSV_DIR: folder, TIMEFRAME: '1m', CALENDAR: 'xnys' }), [
    'binance:BTC/USDT:1m xnys',
  ]);
});

test('an exchange gives the named instruments', async () => {
  assert.deepEqual(await streamsOf({ EXCHANGE: 'binance', SYMBOLS: 'BTC/USDT, ETH/USDT', TIMEFRAME: '1m' }), [
    'binance:BTC/USDT:1m always',
    'binance:ETH/USDT:1m always',
  ]);
});

const startOf = async (env: Record<string, string>): Promise<number | undefined> => {
  const config = ingesterConfig({ DATABASE_URL, EXCHANGE: 'binance', SYMBOLS: 'BTC/USDT', ...env });
  return (await configuredStreams(config, WORLD)).streams[0]!.startMs;
};

test('a start is a day or a time, and else five thousand bars back', async () => {
  assert.equal(await startOf({ START_DATE: '2024-02-01' }), Date.UTC(2024, 1, 1));
  assert.equal(await startOf({ START_MS: '86400000' }), 86_400_000);
  assert.equal(await startOf({}), CLOCK.nowMs() - 5_000 * 86_400_000);
});

const WRONG: [env: Record<string, string>, told: RegExp][] = [
  [{ EXCHANGE: 'nosuchexchange', SYMBOLS: 'BTC/USDT' }, /^EXCHANGE: .*nosuchexchange/],
  [{ EXCHANGE: '../binance', SYMBOLS: 'BTC/USDT' }, /^EXCHANGE: must be csv or an exchange/],
  [{ EXCHANGE: 'binance' }, /^SYMBOLS: is not set/],
  [{ EXCHANGE: 'binance', SYMBOLS: 'BTC/USDT', CSV_DIR: '/tmp' }, /^EXCHANGE: must be csv/],
  [{ SYMBOLS: 'btc usdt' }, /^SYMBOLS: must be instruments/],
  [{ SYMBOLS: 'SP500,,' }, /^SYMBOLS: must be instruments/],
  [{ SYMBOLS: '../SP500' }, /^SYMBOLS: must be instruments/],
  [{ SYMBOLS: 'AAPL' }, /^SYMBOLS: must be SP500 unless/],
  [{ TIMEFRAME: '7m' }, /^TIMEFRAME: must be one of 1m, 5m, .*1d/],
  [{ TIMEFRAME: '1h' }, /^TIMEFRAME: must be 1d unless/],
  [{ CALENDAR: 'lse' }, /^CALENDAR: must be one of always, xnys, fx/],
  [{ CSV_DIR: '/nonexistent' }, /^CSV_DIR: .*cannot be read/],
  [{ CSV_FILE: '/tmp/x.csv', CSV_DIR: '/tmp' }, /^CSV_FILE: is set beside CSV_DIR/],
  [{ CSV_FILE: '/tmp/x.csv' }, /^SYMBOLS: must name the one instrument/],
  [{ CSV_FILE: '/nonexistent.csv', SYMBOLS: 'AAPL' }, /^CSV_FILE: .*cannot be read/],
  [{ START_MS: '1', START_DATE: '2020-01-01' }, /^START_DATE: is set beside START_MS/],
  [{ START_DATE: '2020-02-30' }, /^START_DATE: must be a day/],
  [{ INGEST_CHUNK_BARS: '0' }, /^INGEST_CHUNK_BARS: must be a whole number from 1/],
  [{ INGEST_CHUNK_BARS: '1e3' }, /^INGEST_CHUNK_BARS: must be a whole number/],
  [{ INGEST_CRON: 'every day' }, /^INGEST_CRON: must be a cron expression/],
  [{ QC_FAULTY_SHARE_MAX: '2' }, /^QC_FAULTY_SHARE_MAX: must be a number from 0 to 1/],
  [{ LAKE_DIR: '/tmp/*' }, /^LAKE_DIR: must be without any of/],
];

for (const [env, told] of WRONG) {
  test(`${JSON.stringify(env)} is refused at the start`, async () => {
    assert.match(await problemsOf(env), told);
  });
}

test('a folder without the wanted series tells what it holds', async () => {
  assert.match(
    await problemsOf({ CSV_DIR: folder, SYMBOLS: 'ETH/USDT' }),
    /^SYMBOLS: .*ETH\/USDT.*nasdaq:AAPL:1d/,
  );
  assert.match(await problemsOf({ CSV_DIR: folder, TIMEFRAME: '4h' }), /^TIMEFRAME: .*binance:BTC\/USDT:1m/);
  assert.match(await problemsOf({ CSV_DIR: join(folder, 'empty') }), /^CSV_DIR: holds no file/);
});

test('every problem is told at once', async () => {
  const problems = await problemsOf({ TIMEFRAME: '7m', CALENDAR: 'lse', SYMBOLS: 'a' });
  assert.equal(problems.split('\n').length, 3);
});
