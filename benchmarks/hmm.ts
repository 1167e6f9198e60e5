import { fitFrom, infer, streamFilter } from '@aistock/hmm-ts';
import { hmmWork, SHAPES, type HmmWork } from './hmm/hmm-work.ts';
import { textbookEm } from './hmm/textbook.ts';
import { medianRounds } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const ITERATIONS = 20;
const PEER = 'textbook Baum-Welch over typed arrays';
/** The relative difference of the final log-likelihoods up to which both did the same work. */
const TOLERANCE = 1e-9;
const FILTER_STEPS = 100_000;

/** EM from a fixed start, one thread, 20 iterations; and one step of the streaming filter. */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const shape of SHAPES) rows.push(await training(hmmWork(shape), say));
  rows.push(filtering(hmmWork(SHAPES[1]!)));
  return rows;
}

async function training(work: HmmWork, say: Report): Promise<BenchmarkRow> {
  const { name, dimensions, values, start } = work;
  const options = { iterationsMax: ITERATIONS, tolerance: 0, varianceFloor: 1e-9 };
  let found = Number.NaN;
  let expected = Number.NaN;
  const timed = (compute: () => void) => async () => {
    const startedMs = performance.now();
    compute();
    return { msPerIteration: (performance.now() - startedMs) / ITERATIONS };
  };
  const medians = await medianRounds(
    {
      ours: timed(() => (found = fitFrom(start, { dimensions, values }, options).logLikelihood)),
      peer: timed(() => (expected = textbookEm(start, values, ITERATIONS))),
    },
    { measure: ['msPerIteration'], say },
  );
  say(`${name}: log-likelihood ${found}, the peer's ${expected}`);
  if (!(Math.abs(found / expected - 1) <= TOLERANCE)) throw new Error(`${name}: ${found} is not ${expected}`);
  const [ours, peer] = [medians.ours.msPerIteration, medians.peer.msPerIteration];
  return {
    name: `EM, ${name}: ${values.length / dimensions} rows of ${dimensions}, ${start.states} states, ${start.covariance}`,
    ours,
    peer,
    peer_name: PEER,
    ratio: ours / peer,
    unit: 'ms/iteration',
    better: 'lower',
  };
}

/** The cost of a row as it comes in, beside the same rows in one batch. */
function filtering({ dimensions, values, start }: HmmWork): BenchmarkRow {
  const part = values.subarray(0, FILTER_STEPS * dimensions);
  const filter = streamFilter(start);
  const perRow = (compute: () => void) => {
    compute(); // warms up
    const startedMs = performance.now();
    compute();
    return ((performance.now() - startedMs) / FILTER_STEPS) * 1_000;
  };
  const ours = perRow(() => {
    let state = filter.initial;
    for (let row = 0; row < FILTER_STEPS; row++)
      state = filter.filterStep(state, part.subarray(row * dimensions, (row + 1) * dimensions));
  });
  const peer = perRow(() => infer(start, { dimensions, values: part }));
  return {
    name: `filter step, ${start.states} states, ${start.covariance}`,
    ours,
    peer,
    peer_name: 'all rows at once, smoothed too',
    ratio: ours / peer,
    unit: 'µs/row',
    better: 'lower',
  };
}
