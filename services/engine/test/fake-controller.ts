import { randomUUID } from 'node:crypto';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import { paramControllerApi, type ParamDecision } from '@aistock/shared';

const { decision, learnOutcome, param } = paramControllerApi;
export const fakeControllerApi = { decision, learnOutcome, param } as const;

const DECISION_LIFE_MS = 7 * 86_400_000;

/** A controller that always chooses the same parameters, under a new config_id each time. */
export class FakeController {
  params: Record<string, number>;
  readonly decisions = new Map<string, ParamDecision>();
  readonly rewards = new Map<string, number>();
  /** Outcomes that were posted again after they had been learned. */
  repeated = 0;
  /** The decisions that it was told rest on an expired model. */
  readonly ofExpiredModel = new Set<string>();
  /** Whether it finds the features out of range. */
  refuses = false;

  constructor(params: Record<string, number>) {
    this.params = params;
  }

  readonly handlers: Handlers<typeof fakeControllerApi> = {
    param: async ({ params, query }) => {
      if (this.refuses) throw new ServiceError('feature_out_of_range', 400, 'nothing like it was ever seen');
      const decided = query.as_of_ms ?? 0;
      const answer: ParamDecision = {
        config_id: randomUUID(),
        strategy: params.strategy,
        instrument: params.instrument,
        preset_id: 'balanced',
        params: this.params,
        propensity: 1,
        propensities: { balanced: 1 },
        mode: 'fixed',
        fallback: null,
        features: query.features,
        model_id: query.model_id ?? null,
        schema_sha256: 'fake',
        decided_ms: decided,
        expires_ms: decided + DECISION_LIFE_MS,
      };
      this.decisions.set(answer.config_id, answer);
      if (query.model_expired) this.ofExpiredModel.add(answer.config_id);
      return answer;
    },
    decision: async ({ params }) => {
      const found = this.decisions.get(params.config_id);
      if (!found) throw new ServiceError('decision_unknown', 404, 'no such decision');
      const reward = this.rewards.get(params.config_id);
      return {
        decision: found,
        outcome: reward === undefined ? null : { reward, closed_ms: 0, learned_ms: 0 },
      };
    },
    learnOutcome: async ({ params, body }) => {
      const before = this.rewards.get(body.config_id);
      if (before !== undefined && before !== body.reward)
        throw new ServiceError('outcome_conflict', 409, `it has already had the reward ${before}`);
      const learned = before === undefined;
      if (learned) this.rewards.set(body.config_id, body.reward);
      else this.repeated++;
      return { learned, config_id: body.config_id, preset_id: params.preset_id, outcomes: 1, reward_mean: 0 };
    },
  };
}
