import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { normaliseDecimal, type Timeframe } from '@aistock/market';
import { ccxtExchange } from '../../test/ccxt-exchange.ts';
import { venueClock } from '../clock.ts';
import { startVenueSim } from '../start-venue-sim.ts';
import { csvSeries } from './csv-series.ts';

const DIR = process.env['MARKET_DATA_DIR'];
const skip = DIR === undefined && 'MARKET_DATA_DIR is not set';
const LAST_MS = Date.UTC(2035, 0, 1);

test('real bars of a file come through ccxt as they are in the file', { skip }, async () => {
  for (const [path, timeframe] of [
    ['nfi-binance-spot/BTC-USDT/5m.csv.gz', '5m'],
    ['octobot-binance/BTC-USDT/1h.csv.gz', '1h'],
  ] as const) {
    const bars = await csvSeries(join(DIR ?? '', 'bars', path), { timeframe, calendar: 'always' });
    const clock = venueClock({ nowMs: LAST_MS, rate: 0, realMs: () => performance.now() });
    await using sim = await startVenueSim({
      markets: [{ venue: 'binance', instrument: 'BTC/USDT', bars }],
      clock,
    });
    const exchange = await ccxtExchange('binance', sim.url);
    const rows: unknown[] = [];
    for (let since = 0; ;) {
      const page = await exchange.fetchOHLCV('BTC/USDT', timeframe, since, 1000);
      if (page.length === 0) break;
      rows.push(
        ...page.map(([openMs, ...texts]) => [openMs, ...texts.map((text) => normaliseDecimal(String(text)))]),
      );
      since = Number(page.at(-1)![0]) + 1;
    }
    assert.ok(rows.length >= 500, `${path} has ${rows.length} bars`);
    assert.deepEqual(rows, [...sim.truth.bars(`binance:BTC/USDT:${timeframe}`)].map(Object.values));
  }
});

test('every file of the csv source is a series', { skip }, async () => {
  const files = globSync('*/*/{1m,5m,15m,30m,1h,4h,1d}.csv.gz', { cwd: join(DIR ?? '', 'bars') }).toSorted();
  assert.ok(files.length > 50, `${files.length} files`);
  for (const file of files) {
    const timeframe = /(\w+)\.csv\.gz$/.exec(file)?.[1] as Timeframe;
    const series = await csvSeries(join(DIR ?? '', 'bars', file), { timeframe, calendar: 'always' });
    const last = series.length - 1;
    assert.equal(series.firstAt(series.openAt(last)), last, file);
  }
});
