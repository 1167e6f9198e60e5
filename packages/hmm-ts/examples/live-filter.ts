import {
  createRandom,
  fit,
  modelFromJson,
  modelToJson,
  regimeOf,
  sample,
  stateMeanings,
  streamFilter,
  studentTHmm,
} from '@aistock/hmm-ts';

const market = studentTHmm({
  start: [1, 0],
  transition: [
    [0.97, 0.03],
    [0.1, 0.9],
  ],
  means: [[0.001], [-0.002]],
  dispersions: [[0.0001], [0.0009]],
  freedoms: [5, 4],
});
const history = sample(market, 1_500, createRandom(2));
const { model } = fit(history, { states: 2, family: 'student_t' });

// A model is kept as JSON, and comes back bit for bit.
const restored = modelFromJson(JSON.parse(JSON.stringify(modelToJson(model))));

// Bar after bar, in constant memory; what a row says never depends on the rows after it.
const filter = streamFilter(restored);
const meanings = stateMeanings(restored);
let state = filter.initial;
for (const [bar, value] of history.values.entries()) {
  if (bar === 1_000) state = filter.skip(state, 3);
  state = filter.filterStep(state, [value]);
}
const { trend, risk } = regimeOf(meanings, state.probabilities);
process.stdout.write(`after ${state.steps} bars: trend ${trend.toFixed(2)}, risk ${risk.toFixed(2)}\n`);
