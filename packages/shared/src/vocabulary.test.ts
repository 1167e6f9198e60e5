import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { z } from 'zod';
import { Limits } from './api/risk-gate.ts';
import { paramControllerApi } from './api/param-controller.ts';
import {
  Decimal,
  FlagText,
  Instrument,
  InstrumentInPath,
  intText,
  Ms,
  MsText,
  Name,
  NonNegativeDecimal,
  PositiveDecimal,
  Sha256,
  StreamId,
  StreamIdInPath,
} from './vocabulary.ts';

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

/** What no name, instrument, stream or number of ours may hold. */
const HOSTILE = [
  '',
  ' ',
  '\0',
  'a\0b',
  '../x',
  '..',
  'A/../B',
  './A',
  'a\nb',
  'A\r\n',
  'A'.repeat(200),
  '\u{ff21}',
  'А', // Cyrillic
  '%2e%2e',
  'A B',
  '__proto__',
  '<A>',
  "A'--",
];

const words: readonly [schema: z.ZodType, good: readonly string[], bad: readonly unknown[]][] = [
  [
    Instrument,
    ['SP500', 'BRK.B', 'BTC/USDT', 'BTC/USDT:USDT'],
    ['btc', 'BTC-USDT', 'BTC/', '/USDT', 'BTC//USDT', 7],
  ],
  [Name, ['a', 'trend_following', 'x9'], ['9x', 'Trend', 'a-b', `a${'b'.repeat(48)}`, null]],
  [
    StreamId,
    ['csv:SP500:1d', 'binance:BTC/USDT:1m'],
    ['csv:SP500', 'csv:SP500:2d', 'CSV:SP500:1d', ':SP500:1d'],
  ],
  [Sha256, ['0'.repeat(64)], ['0'.repeat(63), 'G'.repeat(64), 'A'.repeat(64)]],
  [FlagText, ['true', 'false'], ['TRUE', '1', 'yes', true]],
  [MsText, ['0', '8640000000000000'], ['-1', '1.5', '1e3', '8640000000000001', ' 1', '0x1', 5]],
  [intText(1, 500), ['1', '500'], ['0', '501', '1.0', '1e1', '+1', '9999999999']],
];

for (const [index, [schema, good, bad]] of words.entries())
  test(`word ${index} takes ${good.join(', ')} and refuses what is near it`, () => {
    for (const value of good) assert.ok(accepts(schema, value), value);
    for (const value of [...bad, ...HOSTILE]) assert.ok(!accepts(schema, value), JSON.stringify(value));
  });

test('a decimal is plain: no exponent, no sign of plus, no leading or missing digits', () => {
  for (const good of ['0', '-0', '0.000000000001', '-12.50', '9'.repeat(26)])
    assert.ok(accepts(Decimal, good), good);
  for (const bad of [
    '1e5',
    '+1',
    '01',
    '.5',
    '1.',
    '1,0',
    'NaN',
    'Infinity',
    '9'.repeat(27),
    `0.${'1'.repeat(13)}`,
    1,
  ])
    assert.ok(!accepts(Decimal, bad), String(bad));
});

test('above zero is above zero, however small; zero has a sign that does not matter', () => {
  assert.ok(accepts(PositiveDecimal, '0.000000000001'));
  for (const bad of ['0', '0.000', '-0', '-0.1', '-1']) assert.ok(!accepts(PositiveDecimal, bad), bad);
  for (const good of ['0', '-0', '-0.00', '5']) assert.ok(accepts(NonNegativeDecimal, good), good);
  assert.ok(!accepts(NonNegativeDecimal, '-0.01'));
});

test('every decimal of a whole and a fraction is taken, and comes out as it went in', () => {
  const parts = fc.tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 26n - 1n }),
    fc.stringMatching(/^\d{1,12}$/),
  );
  fc.assert(
    fc.property(parts, ([minus, whole, fraction]) => {
      const text = `${minus ? '-' : ''}${whole}.${fraction}`;
      assert.equal(Decimal.parse(text), text);
    }),
  );
});

test('no text that a number parser would guess at is a decimal or a time', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const plain = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);
      if (!plain) assert.ok(!accepts(Decimal, text) && (!accepts(MsText, text) || /^\d+$/.test(text)));
    }),
  );
});

test('a time is a whole number of milliseconds that a Date can hold', () => {
  for (const bad of [-1, 1.5, Number.NaN, Infinity, 8_640_000_000_000_001, '5', null])
    assert.ok(!accepts(Ms, bad));
  assert.equal(MsText.parse('1600000000000'), 1_600_000_000_000);
});

test('in a path a dash stands for the slash of a pair', () => {
  assert.equal(InstrumentInPath.parse('BTC-USDT'), 'BTC/USDT');
  assert.equal(InstrumentInPath.parse('BTC/USDT'), 'BTC/USDT');
  assert.equal(InstrumentInPath.parse('BRK.B'), 'BRK.B');
  assert.equal(StreamIdInPath.parse('binance:BTC-USDT:1m'), 'binance:BTC/USDT:1m');
  for (const text of ['BTC--USDT', 'A-B-C', '../A', 'btc-usdt'])
    assert.ok(!accepts(InstrumentInPath, text), text);
});

test('features come as features[name]=number, each checked, nothing guessed', () => {
  const { query } = paramControllerApi.param;
  assert.deepEqual(query?.parse({ 'features[hmm_trend]': '0.7', 'features[vol]': '-3e-2', as_of_ms: '5' }), {
    features: { hmm_trend: 0.7, vol: -0.03 },
    as_of_ms: 5,
    model_id: undefined,
    model_expired: false,
  });
  for (const text of ['NaN', 'Infinity', '', ' 1', '1e999', '0x1', '1_000', 'null'])
    assert.ok(!query?.safeParse({ 'features[vol]': text }).success, text);
  for (const key of ['features[]', 'features[Vol]', 'features[a', 'features', 'features[__proto__]', 'other'])
    assert.ok(!query?.safeParse({ [key]: '1' }).success, key);
});

test('limits refuse an instrument that is none, and anything that they do not know', () => {
  const limits = {
    account: 'paper',
    clock: 'replay',
    strategies: ['trend_following'],
    restricted: [],
    duplicate_window_ms: 0,
    gross_notional_max: '1000',
    instruments: {},
  };
  assert.ok(accepts(Limits, limits));
  assert.ok(!accepts(Limits, { ...limits, instruments: { 'btc-usdt': {} } }));
  assert.ok(!accepts(Limits, { ...limits, gross_notional: '1000' }));
  assert.ok(!accepts(Limits, { ...limits, gross_notional_max: 1000 }));
});
