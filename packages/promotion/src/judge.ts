import type { ModelEvidence } from './evidence/model-evidence.ts';
import type { Gate } from './gates/gate.ts';
import { modelGates } from './gates/model-gates.ts';
import { performanceGates } from './gates/performance-gates.ts';
import type { PerformanceEvidence } from './performance/performance-evidence.ts';
import type { PromotionPolicy } from './policy.ts';

export interface Evidence {
  readonly model: ModelEvidence;
  /** What a strategy earned with the model; left out for a model that answers for its stream alone, null where it could not be run. */
  readonly performance?: PerformanceEvidence | null;
}

export interface Verdict {
  readonly promote: boolean;
  readonly gates: readonly Gate[];
}

/** Whether a challenger goes live: only if every gate passes. What cannot be computed does not pass. */
export function judge({ model, performance }: Evidence, policy: PromotionPolicy): Verdict {
  const gates = [
    ...modelGates(model, policy.model),
    ...(performance === undefined ? [] : performanceGates(performance, policy.performance)),
  ];
  return { promote: gates.every(({ pass }) => pass), gates };
}
