import type { Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import type { AliasState } from '../../registry/aliases.ts';
import { promote } from '../../registry/champion.ts';
import { beginTrial } from '../../shadow/trials/begin-trial.ts';
import { recordJudgement, type GateResult } from '../../registry/gates.ts';
import type { FinishedTraining } from './finished-training.ts';

const PROMOTED_BY = 'ml_service';

/** What was decided for a strategy, or for `*`. */
interface Decided {
  readonly strategy: string;
  readonly promote: boolean;
  readonly gates: readonly GateResult[];
  /** The champion that this was decided against; undefined where there never was one. */
  readonly champion: AliasState | undefined;
}

/**
 * What becomes of the aliases of a stream once a challenger is there: part of the transaction that writes it.
 * @returns whether it answers for everybody who has no model of his own.
 */
export async function promoteOrKeep(trx: Trx, modelId: string, training: FinishedTraining): Promise<boolean> {
  const { champion, outcome, at } = training;
  const { strategies, promote: passed, gates } = outcome.validation;
  const answers = await follow(trx, modelId, training, { strategy: '*', promote: passed, gates, champion });
  for (const verdict of strategies) {
    const { strategy, gates: own, promote: isPromoted, performance } = verdict;
    const sharpe = performance?.sharpe ?? null;
    await recordJudgement(trx, { modelId, strategy, gates: own, passed: isPromoted, sharpe, at });
    await follow(trx, modelId, training, verdict);
  }
  return answers;
}

/** @returns whether it was promoted. */
async function follow(
  trx: Trx,
  modelId: string,
  { claim, outcome, shadow: defaults, policyOf, at }: FinishedTraining,
  { strategy, promote: passed, gates, champion }: Decided,
): Promise<boolean> {
  const place = { stream: claim.stream, strategy, kind: outcome.model.kind };
  const policy = policyOf(strategy);
  const begun = passed
    ? await beginTrial(trx, place, { modelId, champion, policy, defaults, at })
    : 'not_passed';
  if (begun === 'on_trial') return false;
  if (begun === 'not_needed') {
    const reason = 'every gate passed';
    await promote(trx, place, { modelId, previous: champion, gates, by: PROMOTED_BY, reason, at });
    return true;
  }
  const about = {
    model_id: modelId,
    run_id: claim.runId,
    ...place,
    champion_id: champion?.model_id ?? null,
    reason: begun,
  };
  const payload = { ...about, gates: gates.map((gate) => ({ ...gate })) };
  await emitEvent(trx, { kind: 'model.kept', subject: modelId, payload });
  if (passed) return false;
  const failed = gates.filter(({ pass }) => !pass).map(({ name }) => name);
  await emitEvent(trx, {
    kind: 'alert.raised',
    subject: modelId,
    payload: { alert: 'model_kept', ...about, failed },
  });
  return false;
}
