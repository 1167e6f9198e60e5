import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchmarkRow, Report } from './row.ts';
import { dailyRetrainMs } from './training/daily-retrain.ts';
import { startTrainer, type Taken, type Trainer } from './training/trainer.ts';
import { BARS, STREAMS } from './training/work.ts';

const NO_PEER = 'no package trains, judges and reports';
/** One that trades a single stream. */
const STRATEGY = 'momentum_breakout';

/**
 * Sixty days of one-minute bars of ten instruments through the real service, with two threads: reading, fitting, gates, the
 * signed report, and every feature in the store. Each round asks a service of its own.
 */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const work = `${STREAMS.length} × ${BARS} bars, two threads`;
  const plain = await measured([], say);
  const judged = await measured([STRATEGY], say);
  return [
    row(`${work}: from features to report (aim: below 60)`, 's', plain.seconds),
    ...takenRows(plain),
    row(`the same, judged for ${STRATEGY} by walking forward`, 's', judged.seconds),
    ...takenRows(judged),
    row('a daily retraining on 4,000 bars: 12 starts for 2 to 4 states', 'ms', dailyRetrainMs()),
  ];
}

const takenRows = ({ processorSeconds, peakMib }: Taken): BenchmarkRow[] => [
  row('processor time of ml_service, all threads', 's', processorSeconds),
  row('peak memory of ml_service (aim: below 1,024)', 'MiB', peakMib),
];

const row = (name: string, unit: string, ours: number): BenchmarkRow => ({
  name,
  ours,
  peer: null,
  peer_name: NO_PEER,
  ratio: null,
  unit,
  better: 'lower',
});

interface Measured extends Taken {
  readonly seconds: number;
}

async function measured(strategies: readonly string[], say: Report): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-bench-training-'));
  try {
    say(`starting Postgres and the service; the machine's load is ${loadavg()[0]!.toFixed(1)}`);
    const trainer = await startTrainer(folder);
    try {
      return await trainAll(trainer, strategies, say);
    } finally {
      await trainer.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function trainAll(trainer: Trainer, strategies: readonly string[], say: Report): Promise<Measured> {
  const { ml } = trainer;
  const startedMs = performance.now();
  const since = () => (performance.now() - startedMs) / 1_000;
  const { runs } = await ml.train({
    query: { wait: 'true' },
    body: { streams: [...STREAMS], window_bars: BARS, strategies: [...strategies] },
  });
  const models = runs.map(({ status, stream, problem, model }) => {
    if (status !== 'trained' || !model) throw new Error(`${stream} is ${status}: ${JSON.stringify(problem)}`);
    return model;
  });
  say(`trained after ${since().toFixed(1)} s`);
  // They begin by themselves when a training is over; whoever asks again waits for them.
  const { streams } = await ml.buildFeatures({ body: { streams: [...STREAMS] } });
  say(`features stored after ${since().toFixed(1)} s`);
  for (const { stream, last_open_ms: last } of streams)
    if (last === null) throw new Error(`${stream} has no features`);
  for (const { model_id: id } of models) await ml.modelReport({ params: { id } });
  const seconds = since();
  const passed = models.filter(({ gates }) => gates.every(({ pass }) => pass)).length;
  say(`${seconds.toFixed(1)} s, every gate of ${passed} of ${models.length} models passed`);
  return { seconds, ...(await trainer.taken()) };
}
