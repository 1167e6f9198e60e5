import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, infer, RETURN_FEATURE, streamFilter } from '@aistock/hmm-ts';
import { MODEL_FEATURE_NAMES, modelFeatures, type PriceBar } from '@aistock/market';
import { generatedMarket, type MarketTerms } from '../experiment/generated-market.fixture.ts';
import { PromotionPolicy } from '../policy.ts';
import { judgeLive, type LiveEvidence } from './judge-live.ts';

const policy = PromotionPolicy.parse({});
const { window_bars: WINDOW, for_bars: FOR } = policy.degradation;
const TRAINED = 800;
const LIVE_FROM = 1_000;
const DIMENSIONS = MODEL_FEATURE_NAMES.length;

const CALM = { mean: 0.0006, deviation: 0.006 };
const WILD = { mean: -0.001, deviation: 0.02 };
const market = (terms: Partial<MarketTerms>) =>
  generatedMarket({ bars: 2_000, regimes: [CALM, WILD], stay: 0.97, seed: 1, ...terms });

/** Bars of one market after those of another, at its prices. */
function goesOn(before: readonly PriceBar[], after: readonly PriceBar[]): PriceBar[] {
  const { close, openMs } = before.at(-1)!;
  const scale = close / after[0]!.open;
  return [
    ...before,
    ...after.map((bar, index) => ({
      ...bar,
      openMs: openMs + (index + 1) * 86_400_000,
      open: bar.open * scale,
      high: bar.high * scale,
      low: bar.low * scale,
      close: bar.close * scale,
    })),
  ];
}

/** What a model that was fitted on the first bars shows on those from LIVE_FROM on. */
function evidenceOf(bars: readonly PriceBar[]) {
  const { values } = modelFeatures(bars);
  const training = values.subarray(0, TRAINED * DIMENSIONS);
  const { model } = fit(
    { dimensions: DIMENSIONS, values: training },
    { states: 2, seed: 7, orderBy: RETURN_FEATURE },
  );
  const { filtered } = infer(model, { dimensions: DIMENSIONS, values });
  const filter = streamFilter(model);
  let state = filter.initial;
  const logLikelihoods = Float64Array.from({ length: values.length / DIMENSIONS }, (_, row) => {
    state = filter.filterStep(
      { ...state, logLikelihood: 0 },
      values.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS),
    );
    return state.logLikelihood;
  });
  const holdout =
    logLikelihoods.subarray(TRAINED, LIVE_FROM).reduce((sum, each) => sum + each, 0) / (LIVE_FROM - TRAINED);
  return (liveBars: number): LiveEvidence => ({
    logLikelihoods: logLikelihoods.subarray(LIVE_FROM, LIVE_FROM + liveBars),
    features: MODEL_FEATURE_NAMES,
    states: model.states,
    training: { values: training, filtered: filtered.subarray(0, TRAINED * model.states) },
    live: {
      values: values.subarray(LIVE_FROM * DIMENSIONS, (LIVE_FROM + liveBars) * DIMENSIONS),
      filtered: filtered.subarray(LIVE_FROM * model.states, (LIVE_FROM + liveBars) * model.states),
    },
    holdout,
  });
}

test('a champion of a market that stays as it is is not degraded, at any of a thousand bars', () => {
  for (const seed of [1, 2, 3]) {
    const evidence = evidenceOf(market({ bars: 2_000, seed }));
    for (let bars = WINDOW + FOR; bars < 990; bars += 10) {
      const { degraded, reason } = judgeLive(evidence(bars), policy);
      assert.ok(!degraded, `seed ${seed} after ${bars} bars: ${reason}`);
    }
  }
});

test('a period of one regime alone is neither a fall nor drift', () => {
  for (const only of [CALM, WILD]) {
    const evidence = evidenceOf(
      goesOn(market({ bars: 1_009 }), market({ bars: 600, regimes: [only], seed: 5 })),
    );
    const { degraded, reason } = judgeLive(evidence(600), policy);
    assert.ok(!degraded, `${only.deviation}: ${reason}`);
  }
});

test('a champion whose market breaks is degraded within a window, and not by its first bars', () => {
  const broken = market({
    bars: 400,
    regimes: [
      { mean: 0, deviation: 0.05 },
      { mean: 0, deviation: 0.08 },
    ],
    seed: 9,
  });
  const evidence = evidenceOf(goesOn(market({ bars: 1_009 + 200 }), broken));
  const degradedAt = (bars: number) => judgeLive(evidence(bars), policy).degraded;
  assert.equal(degradedAt(200), false);
  assert.equal(degradedAt(200 + FOR), false, 'it has not failed for long enough');
  const { degraded, reason } = judgeLive(evidence(200 + WINDOW + FOR), policy);
  assert.equal(degraded, true);
  assert.match(reason, /less what the hold-out of the training promised/);
});

test('features that no longer are what the model was fitted on are drift, also where its likelihood is fine', () => {
  const evidence = evidenceOf(market({ bars: 1_600 }))(500);
  const values = evidence.live.values.map((value, index) =>
    index % DIMENSIONS === 0 ? value + 0.03 : value,
  );
  const verdict = judgeLive({ ...evidence, live: { ...evidence.live, values }, holdout: null }, policy);
  assert.equal(verdict.degraded, true);
  assert.match(verdict.reason, /return_log between training and live bars/);
  assert.ok(!verdict.gates.some(({ name }) => name === 'live_log_likelihood'), 'nothing to hold it to');
});

test('too few bars, and too short a failure, decide nothing', () => {
  const evidence = evidenceOf(market({ bars: 1_600 }));
  assert.deepEqual(judgeLive(evidence(WINDOW + FOR - 1), policy).gates, []);
  const odd = evidence(WINDOW + FOR);
  const falls = (bars: number) =>
    judgeLive(
      {
        ...odd,
        logLikelihoods: odd.logLikelihoods.map((value, bar) => (bar >= WINDOW + FOR - bars ? -1_000 : value)),
      },
      { ...policy, degradation: { ...policy.degradation, standard_errors: 0 } },
    ).degraded;
  assert.equal(falls(FOR / 2), false);
  assert.equal(falls(FOR + 1), true);
});
