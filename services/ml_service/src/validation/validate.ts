import { HmmError } from '@aistock/hmm-ts';
import type { Bar } from '@aistock/market';
import {
  judge,
  type Gate,
  type ModelEvidence,
  type PerformanceEvidence,
  type PromotionPolicy,
} from '@aistock/promotion';
import type { PreparedJob } from '../training/prepare-job.ts';
import type { StoredChampion, TrainingTask } from '../training/thread/training-task.ts';
import type { TrainingJob, TrainingResult } from '../training/training-job.ts';
import type { JudgedStrategy, StrategyVerdict } from './judged-strategy.ts';
import { modelEvidence } from './model-evidence.ts';
import { walkStrategy, WalkProblem } from './walk-strategy.ts';

/** A challenger that was just fitted, with everything that it was fitted on. */
export interface ValidationInput {
  readonly task: TrainingTask;
  /** The bars that its features are computed from, in order of time, as they are on the wire. */
  readonly bars: readonly Bar[];
  readonly job: TrainingJob;
  readonly prepared: Omit<PreparedJob, 'job'>;
  readonly result: TrainingResult;
}

/** What was decided about a challenger; plain data. */
export interface Decision {
  /** Whether it answers for everybody who has no model of his own. */
  readonly promote: boolean;
  readonly gates: readonly Gate[];
  /** One for each strategy that was asked for. */
  readonly strategies: readonly StrategyVerdict[];
}

/** With what it showed. */
export interface Validation extends Decision {
  readonly evidence: ModelEvidence;
}

/** Judges a challenger, in the thread that fitted it and before anything is written. */
export function validate(input: ValidationInput): Validation {
  const { task } = input;
  const evidenceFor = rememberingEvidence(input);
  const evidence = evidenceFor(task.champion, task.policy);
  return {
    ...judge({ model: evidence }, task.policy),
    evidence,
    strategies: task.strategies.map((judged) =>
      judgeFor(judged, evidenceFor(judged.champion, judged.policy), input),
    ),
  };
}

/** Computed once for all who ask for the same. */
function rememberingEvidence(input: ValidationInput) {
  const known = new Map<string, ModelEvidence>();
  return (champion: StoredChampion | null, policy: PromotionPolicy): ModelEvidence => {
    const { horizons_bars: horizonsBars, drift_confidence: driftConfidence } = policy.model;
    const asked = JSON.stringify([champion, horizonsBars, driftConfidence]);
    const evidence = known.get(asked) ?? modelEvidence(input, champion, { horizonsBars, driftConfidence });
    known.set(asked, evidence);
    return evidence;
  };
}

/** A strategy has its own champion, may ask more of the model itself, and must have earned something with it. */
function judgeFor(judged: JudgedStrategy, model: ModelEvidence, input: ValidationInput): StrategyVerdict {
  const { task, bars, job } = input;
  const { strategy, policy, alias: champion } = judged;
  const verdict = (performance: PerformanceEvidence | null, problem: string | null) => ({
    strategy,
    champion,
    ...judge({ model, performance }, policy),
    performance,
    problem,
  });
  try {
    return verdict(walkStrategy(judged, { stream: task.stream, bars, job, seed: task.seed }), null);
  } catch (error) {
    if (error instanceof WalkProblem || error instanceof HmmError) return verdict(null, error.message);
    throw error;
  }
}
