import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@aistock/service-kit';
import type { StrategySchema } from '@aistock/trading/policy';
import { STRATEGIES } from '@aistock/trading/strategies';
import { loadStrategies, parseStrategyFile } from './load-strategies.ts';

const SHIPPED = fileURLToPath(new URL('../../../strategy_schemas', import.meta.url));

let text = '';
let folder = '';
before(async () => {
  text = await readFile(join(SHIPPED, 'trend_following.yaml'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'schemas-'));
});
after(() => rm(folder, { recursive: true }));

test('the six strategies load, with at least three presets each', async () => {
  const strategies = await loadStrategies(SHIPPED);
  assert.deepEqual(
    [...strategies.keys()],
    [
      'market_making',
      'mean_reversion',
      'momentum_breakout',
      'pairs_trading',
      'trend_following',
      'vwap_participation',
    ],
  );
  for (const { schema } of strategies.values()) assert.ok(Object.keys(schema.presets).length >= 3);
});

test('what a strategy runs with is what its file bounds, and every preset passes its own check', async () => {
  const strategies = await loadStrategies(SHIPPED);
  assert.deepEqual([...strategies.keys()], [...STRATEGIES.keys()]);
  for (const [name, strategy] of STRATEGIES) {
    const { schema } = strategies.get(name)!;
    assert.deepEqual(Object.keys(schema.params).toSorted(), strategy.paramNames.toSorted());
    for (const { params } of Object.values(schema.presets))
      assert.deepEqual(strategy.schema.parse(params), params);
  }
});

test("every corner of a file's bounds passes its strategy's check, unless a constraint of the file refuses it", async () => {
  for (const { schema } of (await loadStrategies(SHIPPED)).values()) {
    const strategy = STRATEGIES.get(schema.strategy)!;
    for (const params of corners(Object.entries(schema.params))) {
      const kept = schema.constraints.every(({ less, than }) => params[less]! < params[than]!);
      assert.equal(strategy.schema.safeParse(params).success, kept, JSON.stringify(params));
    }
  }
});

/** Every combination of the lowest and the highest value of each parameter. */
function corners([first, ...others]: readonly [string, StrategySchema['params'][string]][]): Record<
  string,
  number
>[] {
  if (!first) return [{}];
  const [name, { min, max }] = first;
  return corners(others).flatMap((params) => [
    { ...params, [name]: min },
    { ...params, [name]: max },
  ]);
}

test('a file that is wrong is told by its name and field', () => {
  const cases: [string, (whole: string) => string][] = [
    [
      'presets.balanced.params.slow_bars: must be a whole number from 5 to 300',
      (whole) => whole.replace('slow_bars: 100', 'slow_bars: 1000'),
    ],
    ['params.fast_bars.unit: ', (whole) => whole.replace('    unit: bars\n', '')],
    ['presets: must be 3 to 20, but there are 1', (whole) => whole.slice(0, whole.indexOf('  balanced:'))],
    ['Map keys must be unique', (whole) => `${whole}version: 2\n`],
    [
      'Map keys must be unique',
      (whole) => whole.replace('fast_bars: 50', 'fast_bars: 50\n      fast_bars: 51'),
    ],
    ['Unrecognized key', (whole) => `${whole}surprise: 1\n`],
    [
      'strategy: must be the name of the file',
      (whole) => whole.replace('strategy: trend_following', 'strategy: other'),
    ],
    ['presets.balanced.params.slow_bars: ', (whole) => whole.replace('slow_bars: 100', 'slow_bars: .nan')],
    ['presets.balanced.params.slow_bars: ', (whole) => whole.replace('slow_bars: 100', 'slow_bars: "100"')],
    ['', (whole) => whole.slice(0, 100)],
    ['', () => '{'],
    ['', () => ''],
    [
      'aliases are not taken',
      (whole) => whole.replace('fast_bars: 50', 'fast_bars: &a 50').replace('fast_bars: 20', 'fast_bars: *a'),
    ],
    ['must be at most', () => ' '.repeat(300_000)],
  ];
  for (const [expected, change] of cases) {
    const read = parseStrategyFile('trend_following.yaml', change(text));
    const problems = 'problems' in read ? read.problems : [];
    assert.ok(problems.length > 0, expected);
    assert.ok(problems.every((problem) => problem.startsWith('trend_following.yaml: ')));
    assert.ok(
      problems.some((problem) => problem.includes(expected)),
      `${expected} is not among: ${problems.join('; ')}`,
    );
  }
});

test('a file says what it asks of models, and what it does not say has its default', () => {
  const read = parseStrategyFile(
    'trend_following.yaml',
    `${text}promotion:\n  performance:\n    sharpe_min: 1.5\n`,
  );
  const { promotion, sha256 } = 'schema' in read ? read : assert.fail(read.problems.join());
  assert.equal(promotion.performance.sharpe_min, 1.5);
  assert.equal(promotion.performance.trades_min, 100);
  assert.equal(promotion.model.bars_min, 250);
  const plain = parseStrategyFile('trend_following.yaml', text);
  assert.equal('schema' in plain && plain.sha256, sha256);
  for (const [block, problem] of [
    ['{performance: {win_rate_min: 2}}', 'promotion.performance.win_rate_min: '],
    ['{sharpe: 1}', 'promotion: '],
    ['null', 'promotion: '],
    ['3', 'promotion: '],
  ] as const) {
    const wrong = parseStrategyFile('trend_following.yaml', `${text}promotion: ${block}\n`);
    const problems = 'problems' in wrong ? wrong.problems : assert.fail(block);
    assert.ok(problems[0]!.startsWith(`trend_following.yaml: ${problem}`), problems.join());
  }
});

function schemaSha256(content: string): string {
  const read = parseStrategyFile('trend_following.yaml', content);
  return 'schema' in read ? read.sha256 : assert.fail(read.problems.join());
}

test('the hash of a schema changes with what it says and not with how it is laid out', () => {
  assert.equal(schemaSha256(`# a comment\n${text}`), schemaSha256(text));
  assert.notEqual(schemaSha256(text.replace('slow_bars: 100', 'slow_bars: 101')), schemaSha256(text));
});

test('a folder without files, with wrong ones, or that is not there stops the start with every problem', async () => {
  await assert.rejects(loadStrategies(folder), ConfigError);
  await assert.rejects(loadStrategies(join(folder, 'absent')), ConfigError);
  await writeFile(join(folder, 'trend_following.yaml'), text.replace('slow_bars: 100', 'slow_bars: 1000'));
  await writeFile(join(folder, 'other.yaml'), '{}');
  await assert.rejects(loadStrategies(folder), (error: ConfigError) => {
    for (const file of ['trend_following.yaml: ', 'other.yaml: '])
      assert.ok(error.problems.some((problem) => problem.startsWith(file)));
    return true;
  });
  await writeFile(join(folder, 'wrong.yml'), '');
  await assert.rejects(loadStrategies(folder), /wrong.yml: must end in .yaml/);
});
