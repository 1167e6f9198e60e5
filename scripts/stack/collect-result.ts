import type { ReplayTally } from '@aistock/shared';
import type { Clients } from './clients.ts';
import { PAPER_ACCOUNT } from './pipeline-plan.ts';
import type { Progress } from './progress.ts';
import type { PipelineResult } from './result.ts';

/** The model that the first stream trades with. @throws Error where none was promoted. */
export async function activeModel(clients: Clients): Promise<PipelineResult['model']> {
  const active = (await clients.ml.activeModels()).active[0];
  if (active === undefined)
    throw new Error('no model is active: the gates kept the first one; GET /models says why');
  const { model } = active;
  return {
    id: model.model_id,
    algorithm: model.algorithm,
    states: model.states,
    promoted: model.status === 'active',
    bic: model.bic,
    holdout_log_likelihood: model.holdout_log_likelihood,
  };
}

export interface Traded {
  readonly sessions: readonly ReplayTally[];
  readonly equityStart: string | null;
  readonly model: PipelineResult['model'];
}

/** Gathers what the run came to, the record verified. */
export async function collect(clients: Clients, traded: Traded, progress: Progress): Promise<PipelineResult> {
  return progress.step('verifying the record', async (note) => {
    const { streams } = await clients.ingester.streams();
    const { counts } = await clients.executor.orders({ query: { account: PAPER_ACCOUNT, limit: '1' } });
    const account = await clients.executor.account({ query: { account: PAPER_ACCOUNT } });
    const audit = await clients.auditor.verify();
    note(`${audit.events} events, root ${audit.root.slice(0, 16)}`);
    const files = streams.flatMap((stream) => Object.entries(stream.files));
    const count = (status: string) =>
      files.filter(([name]) => name === status).reduce((sum, [, number]) => sum + number, 0);
    return {
      source: streams[0]?.source ?? '',
      streams: streams.length,
      bars: streams.reduce((sum, stream) => sum + stream.bars, 0),
      files: files.reduce((sum, [, number]) => sum + number, 0),
      files_processed: count('processed'),
      model: traded.model,
      decision: await lastDecision(clients, traded.sessions),
      orders: {
        intents: Object.values(counts).reduce((sum, number) => sum + number, 0),
        filled: counts.FILLED ?? 0,
        denied: counts.DENIED ?? 0,
        unknown: counts.UNKNOWN ?? 0,
      },
      equity: { start: traded.equityStart, end: account.equity },
      audit: { events: audit.events, verified: audit.verified, root: audit.root },
    };
  });
}

/** The parameters chosen last: in this run's session, or where every bar had been traded before, behind the last order. */
async function lastDecision(
  clients: Clients,
  sessions: readonly ReplayTally[],
): Promise<PipelineResult['decision']> {
  const chosen = sessions.findLast((session) => session.last_decision !== null)?.last_decision;
  if (chosen) return chosen;
  const { orders } = await clients.executor.orders({ query: { account: PAPER_ACCOUNT, limit: '1' } });
  const configId = orders[0]?.config_id;
  if (configId === undefined) return null;
  const { decision } = await clients.params.decision({ params: { config_id: configId } });
  return { config_id: configId, preset_id: decision.preset_id, propensity: decision.propensity };
}
