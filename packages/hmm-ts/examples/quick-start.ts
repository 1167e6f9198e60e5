import { createRandom, fit, infer, sample, gaussianHmm, stateDeviations } from '@aistock/hmm-ts';

// A market that is calm most of the time and wild now and then; any rows of your own will do instead.
const market = gaussianHmm('diagonal', {
  start: [0.8, 0.2],
  transition: [
    [0.98, 0.02],
    [0.06, 0.94],
  ],
  means: [[0.0005], [-0.001]],
  covariances: [[0.01 ** 2], [0.03 ** 2]],
});
const returns = sample(market, 2_000, createRandom(1));

const { model, logLikelihood, degenerate } = fit(returns, { states: 2, seed: 1 });
const { filtered } = infer(model, returns);

const [calm, wild] = stateDeviations(model);
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`log-likelihood ${logLikelihood.toFixed(1)}, degenerate states: ${degenerate.length}`);
say(`volatility: calm ${calm!.toFixed(3)}, wild ${wild!.toFixed(3)}`);
say(`the last row is wild with probability ${filtered.at(-1)!.toFixed(2)}`);
