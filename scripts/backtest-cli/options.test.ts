import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions } from './options.ts';

const FILE = ['--strategy', 's', '--bars', 'a.csv'];
const parse = (...args: string[]) => parseOptions(args, '/home/me');

test('days are in UTC, and paths start from where the command was given', () => {
  const options = parse(...FILE, '--from', '2020-01-01', '--to', '2020-02-01', '--out', 'o');
  assert.ok(options !== 'help');
  assert.deepEqual(
    [options.fromMs, options.toMs, options.bars, options.out],
    [Date.UTC(2020, 0, 1), Date.UTC(2020, 1, 1), '/home/me/a.csv', '/home/me/o'],
  );
});

const WRONG: [args: string[], told: RegExp][] = [
  [[], /--strategy is missing/],
  [['--strategy', 's'], /which bars\?/],
  [[...FILE, '--from', '2020-02-30'], /--from must be a day/],
  [[...FILE, '--from', '2020-02-02', '--to', '2020-02-02'], /--to must be after --from/],
  [[...FILE, '--url', 'http://x'], /--bars runs here/],
  [[...FILE, '--stream', 'a:B:1d'], /--bars is a stream of its own/],
  [[...FILE, '--scenarios', '--check', 'recursive'], /only one of/],
  [[...FILE, '--check', 'luck'], /--check must be lookahead or recursive/],
  [[...FILE, '--walk-forward'], /--walk-forward needs --sweep/],
  [[...FILE, '--walk-forward', '--sweep', 'r.json'], /--walk-forward needs --train and --test/],
  [[...FILE, '--seed', 'x'], /--seed must be a whole number/],
  [[...FILE, '--speed', '9'], /Unknown option '--speed'/],
];
for (const [args, told] of WRONG)
  test(`refused: ${args.join(' ') || 'nothing'}`, () => {
    assert.throws(() => parse(...args), { name: 'UsageError', message: told });
  });
