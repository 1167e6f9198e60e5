import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL_WARM_UP_BARS } from '@aistock/market';
import { PromotionPolicy } from '@aistock/promotion';
import { canonicalJson } from '@aistock/shared';
import { sp500, STREAM } from '../../../test/sp500.ts';
import { trainRegimes, type RegimeTask } from '../../training/train-regimes.ts';
import { asKept } from './report-content.ts';

const BARS = sp500().slice(0, 1_200);
const DAY_MS = 86_400_000;

const TASK: RegimeTask = {
  places: { lake: { folder: '/nowhere' }, ingester: { url: 'http://127.0.0.1:1', token: undefined } },
  stream: STREAM,
  wanted: { type: 'window', lastOpenMs: 0, barsMax: 2_000, asOfMs: 0 },
  terms: {
    tells: 'regimes',
    algorithm: 'hmm_gaussian_diagonal',
    strategies: [],
    window_bars: 2_000,
    window_bars_max: 2_000,
    hyperparameters: { states: [2, 3], holdout_fraction: 0.2, restarts: 4 },
  },
  seed: 1,
  line: null,
  champion: null,
  quality: 'pass',
  policy: PromotionPolicy.parse({}),
  strategies: [],
};
const { model, validation } = trainRegimes(TASK, BARS, () => undefined);
const { report } = model;
const regimes = report.regimes!;

test('the report of a fit says of its states, its path and its bars what they are', () => {
  const { states } = regimes;
  assert.equal(states.length, model.states);
  const shares = states.reduce((all, state) => all + state.stationary_share!, 0);
  assert.ok(Math.abs(shares - 1) < 1e-9);
  states.forEach((state, index) => {
    assert.ok(Math.abs(state.dwell_bars! * (1 - state.transition[index]!) - 1) < 1e-9);
    assert.ok(index === 0 || state.deviations[0]! >= states[index - 1]!.deviations[0]!);
    const trend = state.means[0]! > 0 ? 'rising' : 'falling';
    const volatility = index === 0 ? 'calm' : index === states.length - 1 ? 'turbulent' : `middle ${index}`;
    assert.equal(state.name, `${volatility}, ${trend}`);
  });
  const path = regimes.fit_path;
  assert.ok(Math.abs(path.at(-1)! * model.card.rows - model.logLikelihood!) < 1e-6);
  assert.ok(path.every((value, index) => index === 0 || value >= path[index - 1]! - 1e-9));
  assert.deepEqual(
    regimes.candidates.map((each) => each.states),
    [2, 3],
  );
});

test('prices, regimes and the hold-out lie on the same bars', () => {
  const { closes, holdout } = report;
  assert.deepEqual([closes.at_ms[0], closes.at_ms.at(-1)], [BARS[0]!.openMs, BARS.at(-1)!.openMs]);
  assert.deepEqual(
    [closes.value[0], closes.value.at(-1)],
    [Number(BARS[0]!.close), Number(BARS.at(-1)!.close)],
  );
  assert.equal(regimes.ribbon[0]!.from_ms, BARS[MODEL_WARM_UP_BARS]!.openMs);
  assert.equal(holdout.to_ms, BARS.at(-1)!.openMs);
  assert.equal(BARS.filter(({ openMs }) => openMs >= holdout.from_ms).length, holdout.bars);
  assert.ok(holdout.from_ms - model.card.trainedToMs > MODEL_WARM_UP_BARS * DAY_MS);
});

test('the same training gives the same report, and what is no number is kept as null', () => {
  assert.equal(canonicalJson(report), canonicalJson(trainRegimes(TASK, BARS, () => undefined).model.report));
  assert.equal(report.judgements[0]!.passed, validation.promote);
  const odd = { ...report, holdout: { ...report.holdout, log_likelihood: NaN } };
  assert.throws(() => canonicalJson(odd));
  assert.equal(asKept(odd).holdout.log_likelihood, null);
});
