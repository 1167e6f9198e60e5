import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeCandidates, regimeMarket } from './candidates.fixture.ts';
import { challenge } from './challenge.fixture.ts';
import { judgeRandomWalks } from './random-walks.fixture.ts';

/** `./scripts/prove-gates` tries a hundred for each of several seeds. */
const INSTRUMENTS = 10;
const SEEDS = [1, 2, 3];

for (const spread of [0, 0.6])
  test(`of ${spread > 0 ? 'random walks with heavy tails' : 'random walks'} at most five in a hundred pass`, (context) => {
    const { promoted, betterThanOneState } = judgeRandomWalks({ instruments: INSTRUMENTS, seed: 1, spread });
    context.diagnostic(`false promotions: ${promoted} of ${INSTRUMENTS} random walks`);
    assert.ok(promoted <= Math.floor(INSTRUMENTS * 0.05), `${promoted} of ${INSTRUMENTS}`);
    assert.ok(
      betterThanOneState > INSTRUMENTS / 2,
      'a model without regimes alone would be no test: most walks beat it',
    );
  });

for (const seed of SEEDS)
  test(`of noise, a leak, the champion again and a better model only the last is promoted, market ${seed}`, () => {
    const { noise, leaked, again, better } = judgeCandidates(seed);
    assert.deepEqual(better.failed, []);
    assert.ok(noise.failed.includes('better_than_champion'), noise.failed.join());
    assert.deepEqual(again.failed, ['better_than_champion']);
    assert.ok(leaked.failed.includes('no_look_ahead'), leaked.failed.join());
    const gain = leaked.gates.find(({ name }) => name === 'better_than_no_memory');
    assert.equal(gain?.pass, true, 'the likelihood alone would have promoted it');
  });

test('a model of a market that has regimes is promoted without a champion, and it again is not', () => {
  const bars = regimeMarket(2_000, 1);
  const first = challenge({ bars });
  assert.deepEqual(first.failed, []);
  const again = challenge({ bars, champion: first.model });
  assert.deepEqual(again.failed, ['better_than_champion']);
});
