import type { Db, DecisionRow, Trx } from '@aistock/database';
import { emitEvent, ServiceError, type Clock } from '@aistock/service-kit';
import type { Output, paramControllerApi, Parsed } from '@aistock/shared';
import { learn, type Posterior } from '@aistock/trading/policy';
import { findDecision } from './decision-store.ts';
import { findStrategy, type Known } from './known.ts';
import { findPosterior, lockPosterior, savePosterior, type ArmKey } from './posterior-store.ts';

export interface LearnParts {
  readonly db: Db;
  readonly known: Known;
  readonly clock: Clock;
}

type Request = Parsed<typeof paramControllerApi.learnOutcome>;
type Answer = Output<typeof paramControllerApi.learnOutcome>;

/** Learns what came of a decision. Posted again, it changes nothing and says so. */
export async function learnOutcome({ db, known, clock }: LearnParts, request: Request): Promise<Answer> {
  const { schema } = findStrategy(known, request.params.strategy, request.params.instrument);
  const now = new Date(clock.nowMs());
  return db.transaction().execute(async (trx) => {
    const decision = await findMatchingDecision(trx, request);
    const reward = clip(request.body.reward, schema.reward.clip);
    const isNew = await recordOutcome(trx, request, { reward, now });
    const arm = armOf(decision);
    const posterior = isNew
      ? await updatePosterior(trx, decision, reward, now)
      : await findPosterior(trx, arm);
    return toAnswer(decision, isNew, posterior);
  });
}

async function findMatchingDecision(trx: Trx, { params, body }: Request): Promise<DecisionRow> {
  const decision = await findDecision(trx, body.config_id);
  if (decision === undefined) throw unknownDecision(body.config_id);
  const { strategy, instrument, preset_id } = decision;
  if (strategy !== params.strategy || instrument !== params.instrument || preset_id !== params.preset_id)
    throw new ServiceError(
      'config_mismatch',
      409,
      `decision ${body.config_id} gave preset ${preset_id} to ${strategy} on ${instrument}`,
    );
  if (body.closed_ms < decision.decided_at.getTime()) {
    const message = 'must not lie before the decision';
    throw new ServiceError('closed_before_decision', 400, `closed_ms ${message}`, {
      fields: [{ field: 'body.closed_ms', message }],
    });
  }
  return decision;
}

export function unknownDecision(configId: string): ServiceError {
  return new ServiceError('config_unknown', 404, `there is no decision ${configId}`);
}

/** Answers whether the outcome is new. One of two that come at once waits here for the other. */
async function recordOutcome(
  trx: Trx,
  { body }: Request,
  at: { reward: number; now: Date },
): Promise<boolean> {
  const { config_id, reward, closed_ms } = body;
  const inserted = await trx
    .insertInto('params.outcome')
    .values({
      config_id,
      reward,
      reward_learned: at.reward,
      closed_at: new Date(closed_ms),
      learned_at: at.now,
    })
    .onConflict((conflict) => conflict.column('config_id').doNothing())
    .executeTakeFirstOrThrow();
  if (inserted.numInsertedOrUpdatedRows === 1n) return true;
  const known = await trx
    .selectFrom('params.outcome')
    .select('reward')
    .where('config_id', '=', config_id)
    .executeTakeFirstOrThrow();
  if (known.reward === reward) return false;
  throw new ServiceError(
    'outcome_conflict',
    409,
    `decision ${config_id} has already had the reward ${known.reward}`,
  );
}

async function updatePosterior(
  trx: Trx,
  decision: DecisionRow,
  reward: number,
  now: Date,
): Promise<Posterior> {
  const arm = armOf(decision);
  const before = await lockPosterior(trx, arm, { dimensions: decision.context.length, now });
  const after = learn(before, decision.context, reward);
  await savePosterior(trx, arm, after, now);
  const { config_id, strategy, instrument, preset_id } = decision;
  const payload = {
    config_id,
    strategy,
    instrument,
    preset_id,
    reward_learned: reward,
    outcomes: after.outcomes,
  };
  await emitEvent(trx, { kind: 'param.learned', subject: config_id, payload });
  return after;
}

function armOf({ strategy, instrument, preset_id, arm_sha256 }: DecisionRow): ArmKey {
  return { strategy, instrument, presetId: preset_id, armSha256: arm_sha256 };
}

function clip(reward: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, reward));
}

function toAnswer(decision: DecisionRow, learned: boolean, posterior: Posterior | undefined): Answer {
  const outcomes = posterior?.outcomes ?? 0;
  return {
    learned,
    config_id: decision.config_id,
    preset_id: decision.preset_id,
    outcomes,
    reward_mean: outcomes === 0 ? 0 : (posterior?.rewardSum ?? 0) / outcomes,
  };
}
