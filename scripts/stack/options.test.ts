import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, UsageError } from './options.ts';

test('with nothing said the stack stays up on port 8000 and keeps its state in .aistock', () => {
  assert.deepEqual(parseOptions([], '/repo'), {
    once: false,
    json: false,
    fresh: false,
    yes: false,
    help: false,
    dataDir: '/repo/.aistock',
    portBase: 8000,
  });
});

test('a folder is taken relative to where the command was given', () => {
  assert.equal(parseOptions(['--data', 'x/y'], '/home').dataDir, '/home/x/y');
  assert.equal(parseOptions(['--data', '/abs'], '/home').dataDir, '/abs');
});

test('words that cannot be followed are refused, naming them', () => {
  for (const [args, said] of [
    [['--wrong'], /--wrong/],
    [['extra'], /extra/],
    [['--json'], /--once/],
    [['--yes'], /--fresh/],
    [['--port-base', '80'], /1024/],
    [['--port-base', '8e3'], /8e3/],
    [['--port-base', '65001'], /65000/],
  ] as const) {
    assert.throws(
      () => parseOptions(args, '/'),
      (error) => error instanceof UsageError && said.test(error.message),
    );
  }
});
