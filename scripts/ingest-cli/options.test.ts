import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions } from './options.ts';

const parse = (...args: string[]) => parseOptions(args, '/home/me');

test('days and times are in UTC, and paths start from where the command was given', () => {
  const options = parse('--since', '2024-01-01', '--until', '2024-01-02T06:30:00Z', '--config', 'a.yaml');
  assert.ok(options !== 'help');
  assert.equal(options.sinceMs, Date.UTC(2024, 0, 1));
  assert.equal(options.untilMs, Date.UTC(2024, 0, 2, 6, 30));
  assert.equal(options.config, '/home/me/a.yaml');
  assert.equal(options.dataDir, '/home/me/.aistock');
});

test('streams may be several, each once', () => {
  const options = parse(
    '--since',
    '2024-01-01',
    '--stream',
    'a:B:1m',
    '--stream',
    'c:D:1m',
    '--stream',
    'a:B:1m',
  );
  assert.deepEqual(options !== 'help' && options.streams, ['a:B:1m', 'c:D:1m']);
});

const WRONG: [args: string[], told: RegExp][] = [
  [[], /--since is missing/],
  [['--since', 'yesterday'], /--since must be a day .* not yesterday/],
  [['--since', '2024-02-30'], /--since must be a day/],
  [['--since', '2024-01-02', '--until', '2024-01-02'], /--until must be after --since/],
  [['--since', '2024-01-01', '--speed', '9'], /Unknown option '--speed'/],
  [['--since', '2024-01-01', '--url', 'ftp://x'], /--url must be a URL/],
  [['--since', '2024-01-01', '--url', 'http://x', '--config', 'a'], /--config goes with/],
  [['--since', '2024-01-01', '--port-base', '80'], /--port-base must be a whole number from 1024/],
];
for (const [args, told] of WRONG)
  test(`refused: ${args.join(' ') || 'nothing'}`, () => {
    assert.throws(() => parse(...args), { name: 'UsageError', message: told });
  });
