import { alignStates, chooseStates, createRandom, gaussianHmm, matchStates, sample } from '@aistock/hmm-ts';
import { fitOnThreads } from '@aistock/hmm-ts/workers';

const market = gaussianHmm('diagonal', {
  start: [1, 0, 0],
  transition: [
    [0.96, 0.02, 0.02],
    [0.03, 0.94, 0.03],
    [0.05, 0.05, 0.9],
  ],
  means: [[0.2], [0], [-1]],
  covariances: [[0.04], [1], [9]],
});
const old = sample(market, 2_000, createRandom(4));
const recent = sample(market, 2_000, createRandom(5));
const say = (line: string) => process.stdout.write(`${line}\n`);

// How many states?
const { chosen } = chooseStates(old, { candidates: [1, 2, 3, 4], criterion: 'bic', restarts: 6 });
const champion = chosen.fit.model;
say(`${champion.states} states by BIC`);

// Retrained on worker threads, with the same bits from any number of them; a signal would end it.
const signal = AbortSignal.timeout(60_000);
const challenger = await fitOnThreads(recent, { states: champion.states, seed: 9, threadsMax: 2, signal });

// Which state is which?
const match = matchStates(champion, challenger.model);
const { labels } = alignStates(challenger, match);
say(`labels ${labels.join(', ')}; lost ${match.lost.length}, added ${match.added.length}`);
for (const { champion: state, distance } of match.pairs)
  say(`state ${state} moved by ${distance.toFixed(3)} nats`);
