import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import { reorderModel, reorderStatistics } from '../state-order.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { leastCostAssignment } from './assignment.ts';
import { emissionDistances } from './emission-distance.ts';

/** A mean that moved by two deviations, or a deviation that changed by a factor of 3.1. */
const DISTANCE_MAX_DEFAULT = 4;

export interface MatchOptions {
  /** States further apart than this are not the same; see {@link emissionDistances} for its units. 4 unless told. */
  readonly distanceMax?: number;
}

export interface StatePair {
  readonly champion: number;
  readonly challenger: number;
  /** Symmetric Kullback–Leibler divergence of their emissions, in nats. */
  readonly distance: number;
}

/** Which states of a challenger go on from which of a champion; states are named by their place in their own model. */
export interface StateMatch {
  /** In the order of the champion's states. */
  readonly pairs: readonly StatePair[];
  /** The champion's states that no state of the challenger is like. */
  readonly lost: readonly number[];
  /** The challenger's states that are like none of the champion. */
  readonly added: readonly number[];
}

/**
 * Matches states one to one so that the total distance of their emissions is least, a state without a match counting
 * `distanceMax`.
 * @throws HmmError `bad_option`, or `bad_shape` where the models do not describe the same rows.
 */
export function matchStates(champion: Hmm, challenger: Hmm, options: MatchOptions = {}): StateMatch {
  const { distanceMax = DISTANCE_MAX_DEFAULT } = options;
  if (!(distanceMax > 0 && distanceMax < Infinity))
    throw new HmmError('bad_option', `distanceMax must be above 0 and finite, not ${distanceMax}`);
  const wide = champion.states <= challenger.states;
  const [rows, columns] = wide ? [champion, challenger] : [challenger, champion];
  const distances = emissionDistances(rows, columns);
  const costs = distances.map((distance) => Math.min(distance, distanceMax));
  const pairs = Array.from(leastCostAssignment(costs, rows.states, columns.states), (column, row) => ({
    champion: wide ? row : column,
    challenger: wide ? column : row,
    distance: distances[row * columns.states + column]!,
  }))
    .filter(({ distance }) => distance <= distanceMax)
    .toSorted((a, b) => a.champion - b.champion);
  return {
    pairs,
    lost: statesBesides(
      champion,
      pairs.map((pair) => pair.champion),
    ),
    added: statesBesides(
      challenger,
      pairs.map((pair) => pair.challenger),
    ),
  };
}

function statesBesides({ states }: Hmm, taken: readonly number[]): number[] {
  return Array.from({ length: states }, (_, state) => state).filter((state) => !taken.includes(state));
}

export interface AlignedStates<M extends Hmm = Hmm> {
  readonly model: M;
  readonly statistics: SufficientStatistics;
  /** Of each state of the aligned model, the champion's state that it goes on from; null for an added one. */
  readonly labels: readonly (number | null)[];
}

/** The challenger with its states in the order of the champion's that they match, added ones last in their own order. */
export function alignStates<M extends Hmm>(
  challenger: { readonly model: M; readonly statistics: SufficientStatistics },
  { pairs, added }: StateMatch,
): AlignedStates<M> {
  const order = [...pairs.map((pair) => pair.challenger), ...added];
  return {
    model: reorderModel(challenger.model, order),
    statistics: reorderStatistics(challenger.statistics, order),
    labels: [...pairs.map((pair) => pair.champion), ...added.map(() => null)],
  };
}
