import {
  createRandom,
  fit,
  gaussianHmm,
  learnOnline,
  onlineFromJson,
  onlineToJson,
  sample,
  startOnline,
} from '@aistock/hmm-ts';

const market = gaussianHmm('diagonal', {
  start: [0.5, 0.5],
  transition: [
    [0.98, 0.02],
    [0.05, 0.95],
  ],
  means: [[0.1], [-0.2]],
  covariances: [[0.25], [4]],
});
const rows = sample(market, 6_000, createRandom(3));
const part = (from: number, to: number) => ({ dimensions: 1, values: rows.values.subarray(from, to) });

// Fit once, then look at each new row once; what is saved between the files is all that is needed.
const first = fit(part(0, 1_000), { states: 2 });
let saved = JSON.stringify(onlineToJson(startOnline(first.model, first.statistics)));
for (let from = 1_000; from < 6_000; from += 500) {
  const { state, logLikelihood } = learnOnline(onlineFromJson(JSON.parse(saved)), part(from, from + 500));
  process.stdout.write(
    `${state.rows} rows, ${(logLikelihood / 500).toFixed(3)} nats for each of the last 500\n`,
  );
  saved = JSON.stringify(onlineToJson(state));
}
