import type { ReplayTally } from '@aistock/shared';
import { checkQuality, ingest } from './bar-steps.ts';
import type { Clients } from './clients.ts';
import { activeModel, collect } from './collect-result.ts';
import { PAPER_ACCOUNT, planOf, type StreamPlan, tradedStreams, trainsFirst } from './pipeline-plan.ts';
import type { Progress } from './progress.ts';
import type { PipelineRun } from './result.ts';
import { openAccount, trade } from './trade-steps.ts';
import { train } from './train.ts';

export interface PipelineOptions {
  readonly strategy: string;
  /** A day such as `2018-12-31`, where the user asked for one. */
  readonly trainUntil: string | undefined;
}

/** Ingest, check, train, promote, choose, trade on paper, learn, retrain, verify: once, each step waited for. */
export async function runPipeline(
  clients: Clients,
  options: PipelineOptions,
  progress: Progress,
): Promise<PipelineRun> {
  const { streams } = await clients.ingester.streams();
  if (streams.length === 0) throw new Error('no stream is configured: set EXCHANGE and SYMBOLS, or CSV_DIR');
  for (const { stream, source_range: range } of streams)
    if (range === null) await ingest(clients, stream, undefined, progress); // says what is wrong with the source
  const plans = streams.map((stream) => planOf(stream, options.trainUntil));

  for (const plan of plans) await ingest(clients, plan.stream, plan.trainUntilMs, progress);
  const names = plans.map(({ stream }) => stream);
  const first = await namesToTrainFirst(clients, plans);
  if (first.length > 0) await progress.step('training', (note) => train(clients, first, note));
  for (const plan of plans) await ingest(clients, plan.stream, undefined, progress);
  await checkQuality(clients, streams, progress);

  const traded = tradedStreams(streams);
  await openAccount(clients, traded, options.strategy, progress);
  const equityStart = (await clients.executor.account({ query: { account: PAPER_ACCOUNT } })).equity;
  const sessions: ReplayTally[] = [];
  for (const plan of plans.filter((one) => traded.some(({ stream }) => stream === one.stream)))
    sessions.push(...(await trade(clients, plan, options.strategy, progress)));
  const model = await activeModel(clients);
  const filesWaiting = await progress.step('retraining on the new bars', (note) =>
    train(clients, names, note),
  );
  return { result: await collect(clients, { sessions, equityStart, model }, progress), filesWaiting };
}

async function namesToTrainFirst(clients: Clients, plans: readonly StreamPlan[]): Promise<string[]> {
  const { streams } = await clients.ingester.streams();
  const { active } = await clients.ml.activeModels();
  const lastOpenMs = (name: string) => streams.find(({ stream }) => stream === name)?.last_open_ms ?? null;
  const hasModel = (name: string) => active.some(({ stream }) => stream === name);
  return plans
    .filter((plan) =>
      trainsFirst(plan, { lastOpenMs: lastOpenMs(plan.stream), hasModel: hasModel(plan.stream) }),
    )
    .map(({ stream }) => stream);
}
