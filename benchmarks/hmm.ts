import { loadavg } from 'node:os';
import { infer, streamFilter } from '@aistock/hmm-ts';
import { FORMS, ITERATIONS, PEER, processorMs, runForm, type Form } from './hmm/em.ts';
import { withFreshProcesses } from './hmm/fresh-process.ts';
import { hmmWorks, type HmmWork } from './hmm/hmm-work.ts';
import { leastRounds } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const OURS = { wasm: 'WebAssembly', plain: 'TypeScript' } as const;
/** The relative difference of the final log-likelihoods up to which all did the same work. */
const TOLERANCE = 1e-9;
const FILTER_STEPS = 100_000;
const FILTER_WORK = 'B';

/** EM from a fixed start, one thread, 20 iterations, warm and in a fresh process; and a step of the streaming filter. */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const work of hmmWorks()) {
    say(`${work.name}; the machine's load is ${loadavg()[0]!.toFixed(1)}`);
    const logLikelihoods = new Map<Form, number>();
    rows.push(...(await warm(work, logLikelihoods, say)), ...(await fresh(work, say)));
    rows.push(...equalWork(work, logLikelihoods));
    if (work.name === FILTER_WORK) rows.push(await filtering(work, say));
  }
  return rows;
}

/** The same process all along: the first round compiles, the least forgets it. */
async function warm(work: HmmWork, logLikelihoods: Map<Form, number>, say: Report): Promise<BenchmarkRow[]> {
  const timed = (form: Form) => async () => {
    const ms = processorMs(() => {
      logLikelihoods.set(form, runForm(form, work.start, work.values));
    });
    return { msPerIteration: ms / ITERATIONS };
  };
  const sides = { wasm: timed('wasm'), plain: timed('plain'), textbook: timed('textbook') };
  const least = await leastRounds(sides, { measure: ['msPerIteration'], say });
  return compare(least, 'msPerIteration', { name: `EM, ${describe(work)}, warm`, unit: 'ms/iteration' });
}

async function fresh(work: HmmWork, say: Report): Promise<BenchmarkRow[]> {
  const least = await withFreshProcesses(work, (runFresh) => {
    const one = (form: Form) => () => runFresh(form);
    const sides = { wasm: one('wasm'), plain: one('plain'), textbook: one('textbook') };
    return leastRounds(sides, { measure: ['msPerIteration', 'peakMib'], say });
  });
  const name = `EM, ${work.name}, fresh process`;
  return [
    ...compare(least, 'msPerIteration', { name, unit: 'ms/iteration' }),
    ...compare(least, 'peakMib', { name: `peak memory, ${name}`, unit: 'MiB' }),
  ];
}

function compare<Figure extends string>(
  least: Readonly<Record<Form, Readonly<Record<Figure, number>>>>,
  figure: Figure,
  { name, unit }: Pick<BenchmarkRow, 'name' | 'unit'>,
): BenchmarkRow[] {
  const peer = least.textbook[figure];
  return (['wasm', 'plain'] as const).map((form) => {
    const ours = least[form][figure];
    const better = 'lower' as const;
    return { name: `${name}, ${OURS[form]}`, ours, peer, peer_name: PEER, ratio: ours / peer, unit, better };
  });
}

/** The final log-likelihoods, which tell that all did the same work. @throws Error where they differ. */
function equalWork({ name }: HmmWork, logLikelihoods: ReadonlyMap<Form, number>): BenchmarkRow[] {
  const [wasm, plain, peer] = FORMS.map((form) => logLikelihoods.get(form) ?? Number.NaN) as [
    number,
    number,
    number,
  ];
  return Object.entries({ wasm, plain }).map(([form, ours]) => {
    const ratio = ours / peer;
    if (!(Math.abs(ratio - 1) <= TOLERANCE)) throw new Error(`${name}, ${form}: ${ours} is not ${peer}`);
    const label = OURS[form as keyof typeof OURS];
    return {
      name: `final log-likelihood, ${name}, ${label}`,
      ours,
      peer,
      peer_name: PEER,
      ratio,
      unit: 'nats',
      better: 'higher',
    };
  });
}

function describe({ name, dimensions, values, start }: HmmWork): string {
  return `${name}: ${values.length / dimensions} rows of ${dimensions}, ${start.states} states, ${start.covariance}`;
}

/** The cost of a row as it comes in, beside the same rows in one batch. */
async function filtering({ dimensions, values, start }: HmmWork, say: Report): Promise<BenchmarkRow> {
  const part = values.subarray(0, FILTER_STEPS * dimensions);
  const filter = streamFilter(start);
  const stepByStep = () => {
    let state = filter.initial;
    for (let row = 0; row < FILTER_STEPS; row++)
      state = filter.filterStep(state, part.subarray(row * dimensions, (row + 1) * dimensions));
  };
  const timed = (compute: () => void) => async () => ({
    microsecondsPerRow: (processorMs(compute) / FILTER_STEPS) * 1_000,
  });
  const { ours, peer } = await leastRounds(
    { ours: timed(stepByStep), peer: timed(() => infer(start, { dimensions, values: part })) },
    { measure: ['microsecondsPerRow'], say },
  );
  return {
    name: `filter step, ${start.states} states, ${start.covariance}`,
    ours: ours.microsecondsPerRow,
    peer: peer.microsecondsPerRow,
    peer_name: 'all rows at once, smoothed too',
    ratio: ours.microsecondsPerRow / peer.microsecondsPerRow,
    unit: 'µs/row',
    better: 'lower',
  };
}
