import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paramProblems } from './check-params.ts';
import { strategyFile, strategySchema } from './strategy.fixture.ts';
import { StrategySchema } from './strategy-schema.ts';

type File = ReturnType<typeof strategyFile>;

/** Where the file is wrong, after one change. */
function wrongFields(change: (file: File & Record<string, unknown>) => void): string[] {
  const file = strategyFile();
  change(file);
  return (StrategySchema.safeParse(file).error?.issues ?? []).map((issue) => issue.path.join('.'));
}

test('a file that is right is taken as it is', () => {
  assert.deepEqual(
    wrongFields(() => undefined),
    [],
  );
});

test('every way to be wrong is named by its field', () => {
  const cases: [string, (file: File & Record<string, unknown>) => void][] = [
    ['', (file) => (file['surprise'] = 1)],
    ['presets.fast.params.fast_bars', (file) => (file.presets.fast.params.fast_bars = 1)],
    ['presets.fast.params.fast_bars', (file) => (file.presets.fast.params.fast_bars = 2.5)],
    ['presets.fast.params.fast_bars', (file) => (file.presets.fast.params.fast_bars = 20)],
    ['presets.slow.params.stop_atr', (file) => (file.presets.slow.params.stop_atr = 4.1)],
    [
      'presets.slow.params.stop_atr',
      (file) => delete (file.presets.slow.params as Partial<File['presets']['slow']['params']>).stop_atr,
    ],
    ['presets.slow.params.other', (file) => Object.assign(file.presets.slow.params, { other: 1 })],
    ['presets.slow.params.fast_bars', (file) => (file.presets.slow.params.fast_bars = Number.NaN)],
    ['presets', (file) => delete (file.presets as Partial<File['presets']>).middle],
    ['conservative', (file) => (file.conservative = 'absent')],
    ['params.fast_bars.unit', (file) => delete (file.params.fast_bars as { unit?: string }).unit],
    ['params.fast_bars.unit', (file) => (file.params.fast_bars.unit = ' ')],
    ['params.fast_bars.max', (file) => (file.params.fast_bars.max = 2)],
    ['params.fast_bars.min', (file) => (file.params.fast_bars.min = 1.5)],
    ['params.stop_atr.type', (file) => (file.params.stop_atr.type = 'float')],
    ['constraints.0', (file) => (file.constraints[0]!.than = 'toString')],
    ['features.required.0.low', (file) => (file.features.required[0]!.low = -2)],
    ['features.vol', (file) => (file.features.optional[0]!.name = 'vol')],
    ['reward.clip', (file) => (file.reward.clip = 5)],
    ['expiry_s', (file) => (file.expiry_s = 0)],
  ];
  for (const [field, change] of cases)
    assert.ok(wrongFields(change).includes(field), `${field}: ${wrongFields(change).join()}`);
});

test('parameters are checked by name, with what is allowed', () => {
  const schema = strategySchema();
  const right = { fast_bars: 20, slow_bars: 100, stop_atr: 0.75 };
  assert.deepEqual(paramProblems(schema, right), []);
  assert.deepEqual(paramProblems(schema, { ...right, stop_atr: 11, toString: 1 }), [
    { field: 'stop_atr', message: 'must be a number from 0.5 to 10 in steps of 0.25 (ATR)' },
    { field: 'toString', message: 'is not a parameter; there are fast_bars, slow_bars, stop_atr' },
  ]);
  assert.deepEqual(paramProblems(schema, { ...right, slow_bars: 20 }), [
    { field: 'fast_bars', message: 'must be below slow_bars' },
  ]);
  assert.equal(paramProblems(schema, {}).length, 3);
});
