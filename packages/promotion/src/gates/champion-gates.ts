import type { ChampionComparison } from '../evidence/model-evidence.ts';
import type { PromotionPolicy } from '../policy.ts';
import { beyondError } from './beyond-error.ts';
import { atLeast, atMost, moreThan, type Gate } from './gate.ts';

/** What a challenger must show against the champion; nothing where there is none. */
export function championGates(
  champion: ChampionComparison | undefined,
  policy: PromotionPolicy['model'],
): Gate[] {
  if (!champion) return [];
  return [
    betterThanChampion(champion, policy),
    atLeast({
      name: 'not_of_the_past',
      value: champion.newerByMs,
      limit: 0,
      what: 'ms by which its last bar is later than the last that the champion was fitted on',
    }),
    ...labelGates(champion, policy),
  ];
}

export function betterThanChampion(
  { difference, expired }: Pick<ChampionComparison, 'difference' | 'expired'>,
  policy: PromotionPolicy['model'],
): Gate {
  const limit = beyondError(difference, policy.standard_errors, policy.margin_nats);
  const what = 'nats a bar above the champion on the same bars';
  const value = difference?.mean;
  return expired
    ? atLeast({ name: 'no_worse_than_expired_champion', value, limit: -limit, what })
    : moreThan({ name: 'better_than_champion', value, limit, what });
}

function labelGates({ labels, expired }: ChampionComparison, policy: PromotionPolicy['model']): Gate[] {
  // The labels of a champion that may not act are nobody's any more.
  if (expired) return [];
  return [
    atMost({
      name: 'label_stability',
      value: labels?.changed,
      limit: policy.label_change_max,
      what: "share of the bars whose regime is another than the champion's",
    }),
    atMost({
      name: 'label_flips',
      value: labels?.flips,
      limit: Math.max(policy.flips_max, policy.flip_ratio_max * (labels?.championFlips ?? 0)),
      what: "changes of regime a bar, against the champion's",
    }),
  ];
}
