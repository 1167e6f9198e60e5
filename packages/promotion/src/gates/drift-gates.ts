import type { Drift } from '../evidence/drift.ts';
import type { PromotionPolicy } from '../policy.ts';
import { atMost, type Gate } from './gate.ts';

/** Drift must be large, and larger than chance makes it, before it speaks against a model. */
export function driftGates(drifts: readonly (Drift | null)[], policy: PromotionPolicy['model']): Gate[] {
  return [
    driftGate('drift_psi', 'population stability index', drifts, ({ psi, psiOfChance }) => ({
      value: psi,
      limit: Math.max(policy.psi_max, psiOfChance),
    })),
    driftGate('drift_ks', 'distance of the distributions', drifts, ({ ks, ksOfChance }) => ({
      value: ks,
      limit: Math.max(policy.ks_max, ksOfChance),
    })),
  ];
}

/** Of the feature that is furthest beyond its limit. */
function driftGate(
  name: string,
  measure: string,
  drifts: readonly (Drift | null)[],
  read: (drift: Drift) => { readonly value: number; readonly limit: number },
): Gate {
  const known = drifts.filter((drift) => drift !== null);
  const [worst] = known
    .map((drift) => ({ ...read(drift), feature: drift.feature }))
    .toSorted((a, b) => b.value - b.limit - (a.value - a.limit));
  const value = known.length === drifts.length ? worst?.value : null;
  const what = `${measure} of ${worst?.feature ?? 'the features'} between training and hold-out`;
  return atMost({ name, value, limit: worst?.limit ?? 0, what });
}
