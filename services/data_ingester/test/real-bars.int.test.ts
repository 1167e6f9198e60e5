// Real series with their real faults: what the source did not give is told as a gap and never filled.
import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';
import { createGunzip } from 'node:zlib';
import { normaliseDecimal } from '@aistock/market';
import { allBars, createRig, csvRows, ingestAll, type Rig } from './rig.ts';

const DATA = process.env['MARKET_DATA_DIR'];

const REAL = { skip: DATA === undefined && 'MARKET_DATA_DIR is not set' };

let rig: Rig;
before(async () => {
  rig = await createRig();
});
after(() => rig.close());

/** Ingests one file of the data, and checks that exactly its rows are served. */
async function ingest(source: string, symbol: string, timeframe: string, more: Record<string, string> = {}) {
  const instrument = symbol.replace('-', '/');
  const { client } = await rig.start({
    CSV_DIR: join(DATA ?? '', 'bars', source),
    SYMBOLS: instrument,
    TIMEFRAME: timeframe,
    INGEST_CHUNK_BARS: '20000',
    ...more,
  });
  const stream = `csv:${instrument}:${timeframe}`;
  const results = await ingestAll(client, stream);
  const unpacked = join(rig.folder, `${source}-${symbol}-${timeframe}.csv`);
  const packed = join(DATA ?? '', 'bars', source, symbol, `${timeframe}.csv.gz`);
  await pipeline(createReadStream(packed), createGunzip(), createWriteStream(unpacked));
  const rows = await csvRows(unpacked);
  const bars = await allBars(client, stream);
  assert.equal(bars.length, rows.length);
  assert.deepEqual(
    bars.map((bar) => [String(bar.open_ms), bar.open, bar.high, bar.low, bar.close, bar.volume]),
    rows.map(([openMs, ...values]) => [openMs, ...values.map(normaliseDecimal)]),
  );
  return { results, bars, quality: await client.quality({ params: { id: stream } }) };
}

test('BTC/USDT of 5 minutes has its six outages, 177 bars, as gaps', REAL, async () => {
  const { quality, results } = await ingest('nfi-binance-spot', 'BTC-USDT', '5m');
  assert.equal(quality.gaps.length, 6);
  assert.equal(quality.missing_bars, 177);
  assert.equal(quality.expected_bars, quality.bars + 177);
  assert.equal(quality.verdict, 'warn');
  assert.equal(results.flatMap(({ gaps }) => gaps).length, 6);
});

test('the gaps are the same however the file is cut into chunks', REAL, async () => {
  const other = await createRig();
  const { client } = await other.start({
    CSV_DIR: join(DATA ?? '', 'bars', 'nfi-binance-spot'),
    SYMBOLS: 'BTC/USDT',
    TIMEFRAME: '1h',
    INGEST_CHUNK_BARS: '61',
  });
  await ingestAll(client, 'csv:BTC/USDT:1h');
  const quality = await client.quality({ params: { id: 'csv:BTC/USDT:1h' } });
  assert.deepEqual([quality.gaps.length, quality.missing_bars], [6, 11]);
  await other.close();
});

test('AAPL daily is whole, its splits left as they were traded', REAL, async () => {
  const { quality, bars } = await ingest('lean-equity', 'AAPL', '1d');
  assert.equal(quality.missing_bars, 0);
  assert.equal(quality.verdict, 'pass');
  const ratios = bars.slice(1).map((bar, index) => Number(bar.open) / Number(bars[index]!.close));
  assert.ok(
    ratios.some((ratio) => ratio < 0.16),
    'the split of 2014, seven for one, is in the raw prices',
  );
});

test('SPY minutes of regular and extended hours are all taken', REAL, async () => {
  const { quality, bars } = await ingest('lean-equity', 'SPY', '1m');
  assert.ok(quality.gaps.length >= 1);
  const hours = new Set(bars.map((bar) => new Date(bar.open_ms).getUTCHours()));
  assert.ok(hours.has(9) || hours.has(10) || hours.has(12), 'bars before the regular session are there');
});

test('a minute without a trade has no bar at octobot-bittrex, and that is no fault', REAL, async () => {
  const { quality } = await ingest('octobot-bittrex', 'XRP-BTC', '1m', { GAP_MEANING: 'trades_only' });
  assert.equal(quality.gap_meaning, 'trades_only');
  assert.ok(quality.missing_bars > 3_000);
  assert.equal(quality.verdict, 'pass');
});
