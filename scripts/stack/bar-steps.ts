import { type dataIngesterApi, type mlServiceApi, type Output } from '@aistock/shared';
import type { Clients } from './clients.ts';
import type { StreamPlan } from './pipeline-plan.ts';
import type { Progress } from './progress.ts';

export type StreamState = Output<typeof dataIngesterApi.streams>['streams'][number];
type TrainingRun = Output<typeof mlServiceApi.train>['runs'][number];

/** Calls of /ingest_once in a row for one stretch of history; at 1,000 bars a call it is ten million bars. */
const INGEST_CALLS_MAX = 10_000;

/** Ingests what a stream has, or what closed until a time. */
export async function ingest(
  clients: Clients,
  stream: string,
  untilMs: number | undefined,
  progress: Progress,
): Promise<void> {
  const until = untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString().slice(0, 10)}`;
  await progress.step(`ingesting ${stream}${until}`, async (note) => {
    let accepted = 0;
    for (let call = 0; call < INGEST_CALLS_MAX; call++) {
      const answer = await clients.ingester.ingestOnce({
        body: { streams: [stream], ...(untilMs === undefined ? {} : { until_ms: untilMs }) },
      });
      const result = answer.streams[0];
      if (result === undefined) throw new Error(`data_ingester said nothing about ${stream}`);
      if (result.problem) throw new Error(`${stream}: ${result.problem.code}: ${result.problem.detail}`);
      accepted += result.accepted;
      note(`${accepted} new bars`);
      if (!result.more) return;
    }
    throw new Error(`${stream} still had more bars after ${INGEST_CALLS_MAX} calls`);
  });
}

export async function checkQuality(
  clients: Clients,
  streams: readonly StreamState[],
  progress: Progress,
): Promise<void> {
  await progress.step('checking quality', async (note) => {
    for (const { stream } of streams) {
      const quality = await clients.ingester.quality({ params: { id: stream } });
      note(`${stream}: ${quality.verdict}, ${quality.missing_bars} of ${quality.expected_bars} bars missing`);
      if (quality.verdict === 'block') throw new Error(`${stream} is blocked: ${quality.reasons.join('; ')}`);
    }
  });
}

export async function train(
  clients: Clients,
  plans: readonly StreamPlan[],
  title: string,
  progress: Progress,
): Promise<void> {
  await progress.step(title, async (note) => {
    const { runs } = await clients.ml.train({ body: { streams: plans.map((plan) => plan.stream) } });
    note(runs.map(describeRun).join('; '));
    requireTrained(runs);
  });
}

function describeRun(run: TrainingRun): string {
  if (run.model === null) return `${run.stream}: ${run.status.replaceAll('_', ' ')}`;
  const verdict = run.promoted ? 'promoted' : 'kept the champion';
  return `${run.stream}: ${run.model.states} states on ${run.bars} bars, ${verdict}`;
}

function requireTrained(runs: readonly TrainingRun[]): void {
  for (const run of runs) {
    if (run.status === 'failed' || run.status === 'abandoned') {
      throw new Error(
        `training on ${run.stream} failed: ${run.problem?.code ?? run.status}: ${run.problem?.detail ?? ''}`,
      );
    }
  }
}
