import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, UsageError } from './options.ts';

const MARKET = ['--market', 'binance:BTC/USDT:1m'];

test('a command line becomes options, with bars for each market in order', () => {
  const options = parseOptions([
    ...MARKET,
    '--market=alpaca:AAPL:1d',
    '--bars=generated',
    '--bars=/data/AAPL.csv',
    '--seed=7',
    '--speed=0.5',
    '--port=0',
    '--misbehave={"kind":"reset","rate":0.1}',
  ]);
  assert.ok(options !== 'help');
  assert.deepEqual(options.markets, [
    { venue: 'binance', instrument: 'BTC/USDT', timeframe: '1m', file: undefined },
    { venue: 'alpaca', instrument: 'AAPL', timeframe: '1d', file: '/data/AAPL.csv' },
  ]);
  assert.deepEqual(
    [options.seed, options.speed, options.port, options.sinceMs, options.history, options.misbehave],
    [7, 0.5, 0, Date.UTC(2024, 0, 1), 5000, [{ kind: 'reset', rate: 0.1 }]],
  );
  assert.equal(parseOptions(['--help']), 'help');
});

test('what cannot be followed is named', () => {
  const cases: [string[], RegExp][] = [
    [[], /--market/],
    [['--market', 'nasdaq:AAPL:1m'], /--market must be such as/],
    [['--market', 'binance:BTC/USDT:2m'], /--market must be such as/],
    [['--market', 'binance:BTC/USDT:1m:x'], /--market must be such as/],
    [[...MARKET, '--bars', 'a', '--bars', 'b'], /more --bars than --market/],
    [[...MARKET, '--seed', '-1'], /--seed/],
    [[...MARKET, '--port', '65536'], /--port/],
    [[...MARKET, '--speed', 'fast'], /--speed/],
    [[...MARKET, '--since', '2024-13-01'], /--since/],
    [[...MARKET, '--misbehave', '{'], /--misbehave must be JSON/],
    [[...MARKET, '--what'], /--what/],
  ];
  for (const [args, message] of cases)
    assert.throws(
      () => parseOptions(args),
      (error) => error instanceof UsageError && message.test(error.message),
      args.join(' '),
    );
});
