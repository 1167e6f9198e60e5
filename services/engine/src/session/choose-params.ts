import type { ContextFeatures } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { CallError, type ParamDecision } from '@aistock/shared';
import { isFlat, roundTrip } from '@aistock/trading/session';
import { soundParams } from '../check-request.ts';
import type { Neighbours } from '../neighbours.ts';
import type { DatedRegime } from './regime-at.ts';
import type { ChosenParams, SessionRun } from './session-run.ts';

/** What the choice depends on, at a bar's close. */
export interface ChoiceContext {
  readonly closeMs: number;
  readonly features: ContextFeatures | undefined;
  readonly regime: DatedRegime | undefined;
}

/**
 * Sees to it that parameters are in force: those of an open position stay, while flat new ones are asked for where there
 * are none or they have expired. Without a regime none are asked for, for nothing could be entered with them. What was
 * chosen on the word of a model lasts no longer than it; of an expired one come the conservative parameters only.
 */
export async function chooseParams(
  neighbours: Neighbours,
  run: SessionRun,
  { closeMs, features, regime }: ChoiceContext,
): Promise<void> {
  const { position, working } = currentTrip(run);
  if (!isFlat(position) || working) return;
  if (run.chosen && closeMs < run.chosen.expiresMs) return;
  run.orders.clear();
  run.chosen = undefined;
  if (!regime || !features) return;
  const decision = await askParams(neighbours, run, {
    'features[hmm_trend]': numberText(regime.hmmTrend),
    'features[hmm_risk]': numberText(regime.hmmRisk),
    'features[vol]': numberText(features.vol),
    as_of_ms: String(closeMs),
    model_id: regime.modelId,
    ...(regime.expired ? { model_expired: 'true' } : {}),
  });
  if (!decision) return;
  const chosen = chosenFrom(decision, run);
  const modelEndsMs = regime.expired ? chosen.expiresMs : regime.expiresMs;
  run.chosen = { ...chosen, expiresMs: Math.min(chosen.expiresMs, modelEndsMs) };
  run.lastChosen = run.chosen;
}

/** Undefined where the market is so far from anything usual that no choice can be made from it. */
async function askParams(
  { controller }: Neighbours,
  { setup }: SessionRun,
  query: Record<string, string>,
): Promise<ParamDecision | undefined> {
  try {
    return await controller.param({
      params: { strategy: setup.strategy.name, instrument: setup.instrument },
      query,
    });
  } catch (error) {
    if (error instanceof CallError && error.problem?.code === 'feature_out_of_range') return undefined;
    throw error;
  }
}

/** Takes up the parameters behind the orders that a session was left with. */
export async function rememberChoice(neighbours: Neighbours, run: SessionRun): Promise<void> {
  const order = [...run.orders.values()][0];
  if (!order) return;
  const { decision } = await neighbours.controller.decision({ params: { config_id: order.config_id } });
  run.chosen = chosenFrom(decision, run);
}

/** Where the position is closed: has its outcome learned, once however often this is done, and lets the parameters go. */
export async function settleOutcome(neighbours: Neighbours, run: SessionRun): Promise<void> {
  const { outcome } = currentTrip(run);
  if (!outcome || !run.chosen) return;
  const { learned } = await neighbours.controller.learnOutcome({
    params: {
      strategy: run.setup.strategy.name,
      instrument: run.setup.instrument,
      preset_id: run.chosen.presetId,
    },
    body: { config_id: run.chosen.configId, reward: outcome.reward, closed_ms: outcome.closedMs },
  });
  if (learned) run.tally.outcomes++;
  run.chosen = undefined;
  run.orders.clear();
}

export function currentTrip(run: SessionRun) {
  return roundTrip([...run.orders.values()]);
}

function chosenFrom(decision: ParamDecision, run: SessionRun): ChosenParams {
  if (decision.strategy !== run.setup.strategy.name || decision.instrument !== run.setup.instrument) {
    throw new ServiceError(
      'decision_mismatched',
      409,
      `parameter decision ${decision.config_id} is for ${decision.strategy} in ${decision.instrument}`,
    );
  }
  return {
    configId: decision.config_id,
    presetId: decision.preset_id,
    params: soundParams(run.setup.strategy, decision.params),
    propensity: decision.propensity,
    expiresMs: decision.expires_ms,
  };
}

/** All digits of a number, in a form that never has more places than a query takes. */
function numberText(value: number): string {
  return value.toExponential().replace('+', '');
}
