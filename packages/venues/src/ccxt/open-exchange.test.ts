import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError } from '../bar-source.ts';
import { openExchange, type ExchangeTerms } from './open-exchange.ts';
import { quirksOf } from './quirks.ts';

const open = (exchange: string, terms: Partial<ExchangeTerms> = {}) =>
  openExchange({ exchange, selfPaced: false, nowMs: () => 0, ...terms }, quirksOf(exchange));

test('a sandbox that is not there is refused; ccxt would go on without any URL', async () => {
  for (const name of ['kraken', 'coinbase', 'bitstamp']) {
    await assert.rejects(
      open(name, { sandbox: true }),
      (error) => error instanceof SourceError && error.code === 'source_refused',
    );
  }
  const { origins } = await open('binance', { sandbox: true });
  assert.ok(origins.length > 0 && origins.every((origin) => /testnet|demo/.test(origin)), origins.join(' '));
});

test('only origins of the exchange itself are asked, or the one that takes their place', async () => {
  const { origins } = await open('kraken');
  assert.ok(origins.includes('https://api.kraken.com'));
  const bybit = await open('bybit');
  assert.ok(bybit.origins.includes('https://api.bybit.com'), bybit.origins.join(' '));
  const other = await open('binance', { origin: 'http://127.0.0.1:1' });
  assert.deepEqual(other.origins, ['http://127.0.0.1:1']);
});

const weigh = (exchange: string, path: string): number =>
  quirksOf(exchange).weightOf(new URL(path, 'https://venue.example'));

test('what a request costs at Binance', () => {
  assert.deepEqual(
    ['/api/v3/klines?limit=1000', '/api/v3/exchangeInfo', '/api/v3/time'].map((path) =>
      weigh('binance', path),
    ),
    [2, 20, 1],
  );
  assert.deepEqual(
    ['99', '499', '1000', '1500'].map((limit) => weigh('binanceusdm', `/fapi/v1/klines?limit=${limit}`)),
    [1, 2, 5, 10],
  );
  assert.equal(weigh('kraken', '/0/public/OHLC'), 1);
});
