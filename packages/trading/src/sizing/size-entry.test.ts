import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_SIZING, FIXED_SIZING, sizeEntry, type SizingInputs, type SizingPolicy } from './index.ts';

const INPUTS: SizingInputs = { wished: 0.8, kelly: null, volatility: null, drawdown: 0, limitCap: null };
const CUT = { from: 0.1, to: 0.3 };

function size(policy: Partial<SizingPolicy>, inputs: Partial<SizingInputs> = {}) {
  return sizeEntry({ ...FIXED_SIZING, ...policy }, { ...INPUTS, ...inputs });
}

test('a fixed policy takes what the strategy asks for', () => {
  assert.deepEqual(sizeEntry(FIXED_SIZING, { ...INPUTS, drawdown: null }), { fraction: 0.8, reasons: [] });
});

test('Kelly caps it, says when it has too few trades, and refuses without an edge or a probe', () => {
  const policy = { kellyShare: 0.25 };
  assert.deepEqual(size(policy, { kelly: 0.12 }), { fraction: 0.12, reasons: ['kelly 0.12'] });
  assert.deepEqual(size(policy, { kelly: 3 }), { fraction: 0.8, reasons: [] });
  assert.deepEqual(size(policy), { fraction: 0.8, reasons: ['kelly_too_few_trades'] });
  assert.deepEqual(size({ ...policy, probeShare: 0 }, { kelly: 0 }), {
    fraction: 0,
    reasons: ['kelly_no_edge'],
  });
});

test('a slot without an edge goes on with a probe of its wish, so that its record can mend', () => {
  const policy = { kellyShare: 0.25, probeShare: 0.1 };
  assert.deepEqual(size(policy, { kelly: 0, wished: 0.5 }), {
    fraction: 0.05,
    reasons: ['kelly_probe 0.05'],
  });
  assert.deepEqual(size(policy, { kelly: 0.01, wished: 0.5 }), {
    fraction: 0.05,
    reasons: ['kelly_probe 0.05'],
  });
  assert.deepEqual(size(policy, { kelly: 0.06, wished: 0.5 }), { fraction: 0.06, reasons: ['kelly 0.06'] });
  assert.deepEqual(size({ ...policy, fractionMax: 0.2 }, { kelly: 0, wished: 0.5 }).fraction, 0.2 * 0.1);
  assert.equal(DEFAULT_SIZING.probeShare, 0.1);
});

test('a volatility above the target shrinks it in proportion, one below does not enlarge it', () => {
  const policy = { volatilityTarget: 0.3 };
  assert.deepEqual(size(policy, { volatility: 0.6 }), { fraction: 0.4, reasons: ['volatility_target 0.5'] });
  assert.deepEqual(size(policy, { volatility: 0.1 }), { fraction: 0.8, reasons: [] });
  assert.deepEqual(size(policy, { volatility: 0 }), { fraction: 0.8, reasons: [] });
  assert.deepEqual(size(policy), { fraction: 0, reasons: ['volatility_unknown'] });
  assert.deepEqual(size(policy, { volatility: NaN }), { fraction: 0, reasons: ['volatility_unknown'] });
});

test('a drawdown cuts it in a straight line from one end to the other', () => {
  const policy = { drawdownCut: CUT };
  assert.deepEqual(size(policy, { drawdown: 0.1 }), { fraction: 0.8, reasons: [] });
  const { fraction, reasons } = size(policy, { drawdown: 0.15 });
  assert.ok(Math.abs(fraction - 0.6) < 1e-12);
  assert.deepEqual(reasons, ['drawdown_cut 0.75']);
  assert.deepEqual(size(policy, { drawdown: 0.3 }), { fraction: 0, reasons: ['drawdown_stop'] });
  assert.deepEqual(size(policy, { drawdown: 0.9 }), { fraction: 0, reasons: ['drawdown_stop'] });
  assert.deepEqual(size(policy, { drawdown: null }), { fraction: 0, reasons: ['drawdown_unknown'] });
});

test('its own cap and that of the risk limits hold', () => {
  assert.deepEqual(size({ fractionMax: 0.5 }), { fraction: 0.5, reasons: ['fraction_max 0.5'] });
  assert.deepEqual(size({}, { limitCap: 0.25 }), { fraction: 0.25, reasons: ['limit_cap 0.25'] });
  assert.deepEqual(size({}, { limitCap: 0 }), { fraction: 0, reasons: ['limit_cap 0'] });
});

test('every rule that has a say is told, in its order', () => {
  const policy = { kellyShare: 0.25, volatilityTarget: 0.3, drawdownCut: CUT, fractionMax: 0.7 };
  const { fraction, reasons } = size(policy, {
    kelly: 0.6,
    volatility: 0.6,
    drawdown: 0.2,
    limitCap: 0.1,
  });
  assert.equal(fraction, 0.1);
  assert.deepEqual(reasons, [
    'fraction_max 0.7',
    'kelly 0.6',
    'volatility_target 0.5',
    'drawdown_cut 0.5',
    'limit_cap 0.1',
  ]);
});

test('all of the equity can be wished, and what is just allowed is not told as a cut', () => {
  assert.deepEqual(size({}, { wished: 1 }), { fraction: 1, reasons: [] });
  assert.deepEqual(size({ fractionMax: 0.8 }, { limitCap: 0.8 }), { fraction: 0.8, reasons: [] });
  assert.deepEqual(size({ drawdownCut: CUT }, { drawdown: 0 }), { fraction: 0.8, reasons: [] });
});

test('a rule after the one that refuses is not told', () => {
  const refused = size({ kellyShare: 0.25, probeShare: 0, volatilityTarget: 0.3 }, { kelly: 0 });
  assert.deepEqual(refused, { fraction: 0, reasons: ['kelly_no_edge'] });
});

test('a wish that is no share of equity enters nothing', () => {
  for (const wished of [0, -0.1, 1.0001, NaN, Infinity])
    assert.deepEqual(size({}, { wished }), { fraction: 0, reasons: ['wish_unusable'] });
});

const maybe = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary, { nil: null });
const anyInputs = fc.record({
  wished: fc.double({ min: 0.001, max: 1, noNaN: true }),
  kelly: maybe(fc.double({ min: 0, max: 3 })),
  volatility: maybe(fc.double({ min: 0, max: 5 })),
  drawdown: maybe(fc.double({ min: 0, max: 1 })),
  limitCap: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
});

test('no input makes it more than was wished, allowed or capped, and what shrinks it is told', () => {
  const policy = { ...DEFAULT_SIZING, fractionMax: 0.6 };
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const { fraction, reasons } = sizeEntry(policy, inputs);
      assert.ok(fraction >= 0 && fraction <= Math.min(inputs.wished, 0.6, inputs.limitCap ?? 1));
      if (fraction < inputs.wished) assert.ok(reasons.length > 0);
      if (inputs.volatility === null || inputs.drawdown === null) assert.equal(fraction, 0);
    }),
  );
});

const worse = (one: number | null, other: number | null) =>
  one === null || other === null ? one : Math.max(one, other);

test('more volatility, more drawdown or less edge never makes it larger', () => {
  fc.assert(
    fc.property(anyInputs, anyInputs, (a, b) => {
      const kelly = a.kelly === null || b.kelly === null ? a.kelly : Math.min(a.kelly, b.kelly);
      const worst = {
        ...a,
        kelly,
        volatility: worse(a.volatility, b.volatility),
        drawdown: worse(a.drawdown, b.drawdown),
      };
      assert.ok(sizeEntry(DEFAULT_SIZING, worst).fraction <= sizeEntry(DEFAULT_SIZING, a).fraction);
    }),
  );
});
