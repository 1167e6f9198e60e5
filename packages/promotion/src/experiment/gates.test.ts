import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArgs } from 'node:util';
import { modelFeatures, type PriceBar } from '@aistock/market';
import { challenge } from './challenge.fixture.ts';
import { generatedMarket } from './generated-market.fixture.ts';

/** Of random walks; `node packages/promotion/src/experiment/gates.test.ts --instruments 100` tries as many. */
const { values } = parseArgs({ options: { instruments: { type: 'string', default: '10' } }, strict: false });
const INSTRUMENTS = Number(values.instruments);
const WALK_BARS = 1_200;

const CALM = { mean: 0.0006, deviation: 0.006 };
const WILD = { mean: -0.001, deviation: 0.02 };
const market = (bars: number, seed: number): PriceBar[] =>
  generatedMarket({ bars, regimes: [CALM, WILD], stay: 0.97, seed });

test('of random walks at most five in a hundred pass', (context) => {
  const verdicts = Array.from({ length: INSTRUMENTS }, (_, instrument) =>
    challenge({
      bars: generatedMarket({
        bars: WALK_BARS,
        regimes: [{ mean: 0, deviation: 0.01 }],
        stay: 1,
        seed: 1_000 + instrument,
      }),
    }),
  );
  const passed = verdicts.filter(({ promote }) => promote).length;
  context.diagnostic(`false promotions: ${passed} of ${INSTRUMENTS} random walks`);
  assert.ok(passed <= Math.ceil(INSTRUMENTS * 0.05), `${passed} of ${INSTRUMENTS}`);
  const without = verdicts.filter(({ failed }) => !failed.includes('better_than_one_state')).length;
  assert.ok(without > INSTRUMENTS / 2, 'a model without regimes alone would be no test: most walks beat it');
});

test('a model of a market that has regimes is promoted, and it again is not', () => {
  const bars = market(2_000, 1);
  const first = challenge({ bars });
  assert.deepEqual(first.failed, []);
  const again = challenge({ bars, champion: first.model });
  assert.deepEqual(again.failed, ['better_than_champion']);
});

test('a model that is really better takes over from one that learned too little', () => {
  const bars = market(4_000, 3);
  const champion = challenge({ bars: bars.slice(0, 250), states: [2] }).model;
  assert.deepEqual(challenge({ bars, champion }).failed, []);
});

/** Features of which the second is a function of the next bar's return. */
const seesTomorrow = (bars: readonly PriceBar[]) => {
  const rows = modelFeatures(bars);
  const leaked = rows.values.slice();
  for (let at = 1; at + 1 < leaked.length; at += 2) leaked[at] = Math.tanh(300 * leaked[at + 1]!);
  return { ...rows, values: leaked };
};

test('a model that sees the next bar fails by name, however well it does', () => {
  const { failed, gates } = challenge({
    bars: market(2_000, 4),
    features: seesTomorrow,
    states: [4],
  });
  assert.ok(failed.includes('no_look_ahead'), failed.join());
  const gain = gates.find(({ name }) => name === 'better_than_no_memory');
  assert.equal(gain?.pass, true, 'the likelihood alone would have promoted it');
});
