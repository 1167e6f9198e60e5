import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Readable } from 'node:stream';

const MAIN = join(import.meta.dirname, 'main.ts');

function run(...args: readonly string[]): ChildProcess & { stdout: Readable; stderr: Readable } {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

test('it serves until it is told to stop', async () => {
  const child = run('--market', 'binance:BTC/USDT:1m', '--port', '0', '--count', '6000', '--json');
  try {
    const ended = once(child, 'exit').then(() => ['it ended before it said where it listens']);
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
    const { url, markets } = JSON.parse(line) as { url: string; markets: unknown };
    assert.deepEqual(markets, [{ name: 'binance:BTC/USDT:1m', bars: 6000, opened: 5000 }]);
    const response = await fetch(`${url}/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=3`);
    assert.equal(((await response.json()) as unknown[]).length, 3);
    const stopped = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await stopped, [0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

test('what it cannot do it says in words, with a code', async () => {
  const cases: [string[], number, RegExp][] = [
    [[], 64, /--market/],
    [['--market', 'kraken:BTC/USD:1m', '--misbehave', '{"kind":"sulk"}'], 64, /--misbehave/],
    [['--market', 'kraken:BTC/USD:1m', '--bars', '/nowhere/bars.csv'], 1, /ENOENT/],
  ];
  for (const [args, expected, words] of cases) {
    const child = run(...args);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.equal(code, expected);
    assert.match(said, words);
    assert.doesNotMatch(said, /\n\s+at /, 'no stack');
  }
});
