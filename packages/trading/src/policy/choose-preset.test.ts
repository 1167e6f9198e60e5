import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choosePreset, type ChoiceInput } from './choose-preset.ts';
import { believe, emptyPosterior, learn, type Posterior } from './posterior.ts';

const context = [1, 0.5];
const NOISE_SD = 0.05;

/** Learned from so many outcomes with this reward in this context. */
function taught(reward: number, outcomes: number): Posterior {
  let posterior = emptyPosterior(2);
  for (let i = 0; i < outcomes; i++) posterior = learn(posterior, context, reward);
  return posterior;
}

const input = (changed: Partial<ChoiceInput> = {}): ChoiceInput => ({
  mode: 'thompson',
  fixedPresetId: null,
  distrust: null,
  arms: [
    { presetId: 'slow', posterior: taught(0, 10) },
    { presetId: 'middle', posterior: taught(0.05, 10) },
    { presetId: 'fast', posterior: emptyPosterior(2) },
  ],
  conservative: 'slow',
  context,
  noiseSd: NOISE_SD,
  draw: 0.5,
  ...changed,
});

test('the same draw gives the same choice; the draws of [0, 1) give each preset its propensity', () => {
  for (const mode of ['thompson', 'epsilon_greedy'] as const) {
    assert.deepEqual(choosePreset(input({ mode })), choosePreset(input({ mode })));
    const { propensities } = choosePreset(input({ mode }));
    const DRAWS = 10_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < DRAWS; i++) {
      const choice = choosePreset(input({ mode, draw: i / DRAWS }));
      counts.set(choice.presetId, (counts.get(choice.presetId) ?? 0) + 1);
      assert.equal(choice.propensity, propensities[choice.presetId]);
    }
    for (const [preset, propensity] of Object.entries(propensities)) {
      assert.ok(propensity >= 0.02);
      assert.ok(Math.abs((counts.get(preset) ?? 0) / DRAWS - propensity) <= 1 / DRAWS);
    }
  }
});

test('what paid is chosen more often, what is unknown is still tried', () => {
  const { propensities } = choosePreset(input());
  assert.ok(propensities['middle']! > propensities['fast']!);
  assert.ok(propensities['fast']! > propensities['slow']!);
});

test('of a model that may not be relied on comes the conservative preset, whatever was learned or set', () => {
  for (const mode of ['thompson', 'epsilon_greedy', 'fixed'] as const) {
    const choice = choosePreset(input({ mode, fixedPresetId: 'fast', distrust: 'it expired' }));
    assert.deepEqual([choice.presetId, choice.propensity], ['slow', 1]);
    assert.equal(choice.fallback, 'it expired');
  }
});

test('a fixed mode gives its preset; without one, or with one that is gone, the conservative one and why', () => {
  const fixed = choosePreset(input({ mode: 'fixed', fixedPresetId: 'fast' }));
  assert.deepEqual([fixed.presetId, fixed.propensity, fixed.fallback], ['fast', 1, null]);
  for (const fixedPresetId of [null, 'gone']) {
    const choice = choosePreset(input({ mode: 'fixed', fixedPresetId }));
    assert.deepEqual([choice.presetId, choice.propensity], ['slow', 1]);
    assert.match(choice.fallback ?? '', /preset/);
  }
});

test('a posterior that is not one gives the conservative preset and says why', () => {
  const good = emptyPosterior(2);
  const broken: Posterior[] = [
    { ...good, precision: [1, 0, 0, Number.NaN] },
    { ...good, precision: [1, 0, 0, -1] },
    { ...good, rewardVector: [Infinity, 0] },
    { ...good, precision: [1, 2, 2, 1] },
    emptyPosterior(3),
  ];
  for (const posterior of broken) {
    const choice = choosePreset(input({ arms: [...input().arms, { presetId: 'bad', posterior }] }));
    assert.deepEqual([choice.presetId, choice.propensity, choice.propensities], ['slow', 1, { slow: 1 }]);
    assert.match(choice.fallback ?? '', /bad/);
  }
});

test('a draw outside [0, 1) is a mistake of the caller', () => {
  for (const draw of [-0.1, 1, Number.NaN]) assert.throws(() => choosePreset(input({ draw })), RangeError);
});

test('outcomes may be learned in any order', () => {
  const reward = fc.double({ min: -0.2, max: 0.2, noNaN: true });
  const value = fc.double({ min: -3, max: 3, noNaN: true });
  const outcomes = fc.array(fc.tuple(value, reward), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(outcomes, (list) => {
      const teach = (order: typeof list) =>
        order.reduce((posterior, [x, r]) => learn(posterior, [1, x], r), emptyPosterior(2));
      const one = believe(teach(list), context, NOISE_SD);
      const other = believe(teach(list.toReversed()), context, NOISE_SD);
      assert.ok(Math.abs(one!.mean - other!.mean) < 1e-12);
      assert.ok(Math.abs(one!.sd - other!.sd) < 1e-12);
    }),
  );
});

test('the more outcomes, the surer: the spread shrinks towards the noise over the root of their number', () => {
  const spreads = [0, 10, 100, 1_000].map((count) => believe(taught(0.01, count), context, NOISE_SD)!.sd);
  for (const [before, after] of [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const)
    assert.ok(spreads[after]! < spreads[before]!);
  assert.ok(Math.abs(spreads[3]! - NOISE_SD / Math.sqrt(1_000)) < 1e-5);
});

test('an outcome that is not finite or of another context is refused', () => {
  assert.throws(() => learn(emptyPosterior(2), [1], 0), RangeError);
  assert.throws(() => learn(emptyPosterior(2), [1, Number.NaN], 0), RangeError);
  assert.throws(() => learn(emptyPosterior(2), context, Infinity), RangeError);
});
