import { checkQuality, ingest, train } from './bar-steps.ts';
import type { Clients } from './clients.ts';
import { activeModel, collect } from './collect-result.ts';
import { PAPER_ACCOUNT, planOf } from './pipeline-plan.ts';
import type { Progress } from './progress.ts';
import type { PipelineResult } from './result.ts';
import { openAccount, type Session, trade } from './trade-steps.ts';

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
): Promise<PipelineResult> {
  const { streams } = await clients.ingester.streams();
  if (streams.length === 0) throw new Error('no stream is configured: set EXCHANGE and SYMBOLS, or CSV_DIR');
  const plans = streams.map((stream) => planOf(stream, options.trainUntil));

  for (const plan of plans) await ingest(clients, plan.stream, plan.trainUntilMs, progress);
  await train(clients, plans, 'training', progress);
  for (const plan of plans) await ingest(clients, plan.stream, undefined, progress);
  await checkQuality(clients, streams, progress);

  await openAccount(clients, streams, options.strategy, progress);
  const equityStart = (await clients.executor.account({ query: { account: PAPER_ACCOUNT } })).equity;
  const sessions: Session[] = [];
  for (const plan of plans) sessions.push(...(await trade(clients, plan, options.strategy, progress)));
  const model = await activeModel(clients);
  await train(clients, plans, 'retraining on the new bars', progress);
  return collect(clients, { sessions, equityStart, model }, progress);
}
