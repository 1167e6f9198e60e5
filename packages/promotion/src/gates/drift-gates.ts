import type { Drift } from '../evidence/drift.ts';
import type { PromotionPolicy } from '../policy.ts';
import { atMost, type Gate } from './gate.ts';

/** Drift must be large, and larger than chance makes it, before it speaks against a model. @param later what the training is compared with. */
export function driftGates(
  drifts: readonly (Drift | null)[],
  policy: Pick<PromotionPolicy['model'], 'psi_max' | 'ks_max'>,
  later = 'hold-out',
): Gate[] {
  const measures = [
    {
      name: 'drift_psi',
      measure: 'population stability index',
      read: ({ psi, psiOfChance }: Drift) => ({ value: psi, limit: Math.max(policy.psi_max, psiOfChance) }),
    },
    {
      name: 'drift_ks',
      measure: 'distance of the distributions',
      read: ({ ks, ksOfChance }: Drift) => ({ value: ks, limit: Math.max(policy.ks_max, ksOfChance) }),
    },
  ];
  return measures.map((each) => driftGate(drifts, later, each));
}

interface DriftMeasure {
  readonly name: string;
  readonly measure: string;
  readonly read: (drift: Drift) => { readonly value: number; readonly limit: number };
}

/** Of the feature that is furthest beyond its limit. */
function driftGate(
  drifts: readonly (Drift | null)[],
  later: string,
  { name, measure, read }: DriftMeasure,
): Gate {
  const known = drifts.filter((drift) => drift !== null);
  const [worst] = known
    .map((drift) => ({ ...read(drift), feature: drift.feature }))
    .toSorted((a, b) => b.value - b.limit - (a.value - a.limit));
  const value = known.length === drifts.length ? worst?.value : null;
  const what = `${measure} of ${worst?.feature ?? 'the features'} between training and ${later}`;
  return atMost({ name, value, limit: worst?.limit ?? 0, what });
}
