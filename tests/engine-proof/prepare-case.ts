import { ingest } from '../../scripts/stack/bar-steps.ts';
import type { Clients } from '../../scripts/stack/clients.ts';
import { createProgress } from '../../scripts/stack/progress.ts';
import { reconcile } from '../../scripts/stack/reconcile.ts';
import { train } from '../../scripts/stack/train.ts';
import type { CaseBars } from './case-bars.ts';
import { installModel } from './install-model.ts';
import { accountOf, limitsOf, START_CASH, WAYS, type ProofCase } from './proof-case.ts';
import { streamsOf } from './proof-cases.ts';
import type { ProofStack } from './proof-stack.ts';
import { BY } from './proof-terms.ts';

/** A case whose bars, models, parameters and accounts are there. */
export interface PreparedCase {
  readonly proof: ProofCase;
  readonly bars: CaseBars;
  /** By stream; empty where the case has none. */
  readonly modelIds: ReadonlyMap<string, string>;
  /** What data_ingester says of the streams, in the order of the markets. */
  readonly quality: readonly string[];
}

/**
 * Ingests the bars of a case, trains its models on those before the first that is traded, fixes its presets and opens its
 * accounts.
 */
export async function prepareCase(
  stack: ProofStack,
  proof: ProofCase,
  bars: CaseBars,
): Promise<PreparedCase> {
  const { clients } = stack;
  const progress = createProgress(process.stderr);
  const streams = streamsOf(proof);
  const modelIds = new Map<string, string>();
  if (proof.trainingBars > 0) {
    for (const stream of streams) await ingest(clients, stream, bars.fromMs, progress);
    await progress.step('training', (note) => train(clients, streams, note));
    for (const stream of streams) modelIds.set(stream, await modelOf(stack, stream));
  }
  for (const stream of streams) await ingest(clients, stream, undefined, progress);
  for (const slot of proof.slots) await fixPreset(clients, slot);
  for (const way of WAYS) await openAccount(clients, proof, accountOf(proof, way));
  const verdicts = await Promise.all(
    streams.map((stream) => clients.ingester.verdict({ params: { id: stream } })),
  );
  return { proof, bars, modelIds, quality: verdicts.map(({ verdict }) => verdict) };
}

/** The model that answers on a stream; where its gates kept it from that, the one that was trained is let answer. */
async function modelOf({ clients: { ml }, adminUrl }: ProofStack, stream: string): Promise<string> {
  const { active } = await ml.activeModels();
  const found = active.find((each) => each.stream === stream);
  if (found) return found.model.model_id;
  const { models } = await ml.models({ query: {} });
  const trained = models.find((model) => model.stream === stream);
  if (!trained) throw new Error(`no model of ${stream} was trained`);
  const { model_id: modelId, created_ms: createdMs } = trained;
  await installModel(adminUrl, { stream, modelId, at: new Date(createdMs) });
  return modelId;
}

async function fixPreset(
  { params }: Clients,
  { strategy, instrument, presetId, params: own }: ProofCase['slots'][number],
): Promise<void> {
  if (own)
    await params.registerPreset({
      params: { strategy, instrument },
      body: { ...BY, preset_id: presetId, description: 'For the proof.', params: { ...own } },
    });
  await params.setMode({ body: { ...BY, strategy, instrument, mode: 'fixed', preset_id: presetId } });
}

async function openAccount({ gate, executor }: Clients, proof: ProofCase, account: string): Promise<void> {
  await gate.setLimits({ body: { ...BY, limits: limitsOf(proof, account) } });
  const { currency, costs } = proof;
  await executor.openPaperAccount({ body: { account, currency, start_cash: START_CASH, costs } });
  await reconcile(executor);
}
