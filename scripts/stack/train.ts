import type { Client, dataIngesterApi, mlServiceApi, Output } from '@aistock/shared';

/** A run that was cut off is taken over 15 s after its last sign of life. */
const WAIT_MS_MAX = 45_000;
const RETRY_MS = 1_000;

type TrainingRun = Output<typeof mlServiceApi.train>['runs'][number];

export interface Trainers {
  readonly ml: Pick<Client<typeof mlServiceApi>, 'train'>;
  readonly ingester: Pick<Client<typeof dataIngesterApi>, 'streams'>;
}

/**
 * Trains streams on their new files, also on those that a run which was cut off still holds: waits for them.
 * @returns how many files wait for more bars.
 * @throws Error where a training failed, or files are held for too long.
 */
export async function train(
  { ml, ingester }: Trainers,
  streams: readonly string[],
  note: (text: string) => void,
  retryMs: number = RETRY_MS,
): Promise<number> {
  const deadlineMs = performance.now() + WAIT_MS_MAX;
  const told = new Map<string, string>();
  for (;;) {
    const { runs } = await ml.train({ query: { wait: 'true' }, body: { streams: [...streams] } });
    for (const run of runs) {
      requireTrained(run);
      if (run.status !== 'nothing_to_train' || !told.has(run.stream)) told.set(run.stream, describeRun(run));
    }
    note([...told.values()].join('; '));
    const held = (await ingester.streams()).streams.filter(
      ({ stream, files }) => streams.includes(stream) && (files.processing ?? 0) > 0,
    );
    if (held.length === 0) return runs.filter(waitsForBars).reduce((sum, run) => sum + run.files, 0);
    const names = held.map(({ stream }) => stream).join(', ');
    if (performance.now() > deadlineMs) throw new Error(`another run holds files of ${names}`);
    note(`waiting for the files of ${names} that an earlier run holds`);
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** New bars alone can be too few to learn from; their files are claimed again once there are more. */
function waitsForBars(run: TrainingRun): boolean {
  return run.exactly_once && run.problem?.code === 'not_enough_bars';
}

function requireTrained(run: TrainingRun): void {
  if (run.problem === null || waitsForBars(run)) return;
  throw new Error(`training on ${run.stream} failed: ${run.problem.code}: ${run.problem.detail}`);
}

function describeRun(run: TrainingRun): string {
  if (waitsForBars(run)) return `${run.stream}: waits for more bars`;
  if (run.model === null) return `${run.stream}: ${run.status.replaceAll('_', ' ')}`;
  const verdict = run.promoted ? 'promoted' : run.champion_id ? 'kept the champion' : 'not promoted';
  return `${run.stream}: ${run.model.states} states on ${run.bars} bars, ${verdict}`;
}
