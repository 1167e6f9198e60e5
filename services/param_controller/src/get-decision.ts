import type { Db } from '@aistock/database';
import type { Output, paramControllerApi } from '@aistock/shared';
import { findDecision, toParamDecision } from './decision-store.ts';
import { unknownDecision } from './learn-outcome.ts';

/** A stored decision and what came of it. */
export async function getDecision(
  db: Db,
  configId: string,
): Promise<Output<typeof paramControllerApi.decision>> {
  const decision = await findDecision(db, configId);
  if (decision === undefined) throw unknownDecision(configId);
  const outcome = await db
    .selectFrom('params.outcome')
    .select(['reward', 'closed_at', 'learned_at'])
    .where('config_id', '=', configId)
    .executeTakeFirst();
  return {
    decision: toParamDecision(decision),
    outcome: outcome
      ? {
          reward: outcome.reward,
          closed_ms: outcome.closed_at.getTime(),
          learned_ms: outcome.learned_at.getTime(),
        }
      : null,
  };
}
