import { epsilonGreedyPropensities, thompsonPropensities, withFloor } from './propensities.ts';
import { believe, type Belief, type Posterior } from './posterior.ts';

export interface Arm {
  readonly presetId: string;
  readonly posterior: Posterior;
}

export type PolicyMode = 'fixed' | 'epsilon_greedy' | 'thompson';

export interface ChoiceInput {
  readonly mode: PolicyMode;
  /** The preset of mode fixed, where one was set. */
  readonly fixedPresetId: string | null;
  /** Why the model behind the features may not be relied on: nothing is chosen on its word then. Null where it may. */
  readonly distrust: string | null;
  /** Every preset that is allowed; the conservative one among them. */
  readonly arms: readonly Arm[];
  readonly conservative: string;
  /** From `contextVector`. */
  readonly context: readonly number[];
  /** Standard deviation of one reward. */
  readonly noiseSd: number;
  /** A random number from [0, 1): the choice is a function of it. */
  readonly draw: number;
}

export interface Choice {
  readonly presetId: string;
  readonly propensity: number;
  /** Of every arm; adds up to 1. */
  readonly propensities: Readonly<Record<string, number>>;
  /** What was expected of every arm; empty where nothing was computed. */
  readonly scores: Readonly<Record<string, Belief>>;
  /** Why the conservative preset was given without a choice; null where one was made. */
  readonly fallback: string | null;
}

/** Share of choices that epsilon-greedy leaves to chance. */
const EPSILON = 0.1;
/** No preset is less likely than this. */
const PROPENSITY_FLOOR = 0.02;

/**
 * Chooses a preset. Where nothing can be chosen the conservative preset is given, with the reason.
 * @throws RangeError for a draw outside [0, 1).
 */
export function choosePreset(input: ChoiceInput): Choice {
  const { mode, fixedPresetId, arms, conservative, draw } = input;
  if (!(draw >= 0 && draw < 1)) throw new RangeError(`a draw lies in [0, 1), got ${draw}`);
  if (input.distrust !== null) return certain(conservative, input.distrust);
  if (mode === 'fixed') {
    if (fixedPresetId === null) return certain(conservative, 'mode is fixed and names no preset');
    const known = arms.some(({ presetId }) => presetId === fixedPresetId);
    return known
      ? certain(fixedPresetId, null)
      : certain(conservative, `fixed preset ${fixedPresetId} does not exist`);
  }
  const beliefs: Belief[] = [];
  for (const { presetId, posterior } of arms) {
    const belief = believe(posterior, input.context, input.noiseSd);
    if (belief === undefined)
      return certain(conservative, `what was learned about ${presetId} cannot be used`);
    beliefs.push(belief);
  }
  const own =
    mode === 'thompson' ? thompsonPropensities(beliefs) : epsilonGreedyPropensities(beliefs, EPSILON);
  const propensities = withFloor(own, PROPENSITY_FLOOR);
  const index = pick(propensities, draw);
  const byPreset = <T>(values: readonly T[]) =>
    Object.fromEntries(arms.map(({ presetId }, i): [string, T] => [presetId, values[i]!]));
  return {
    presetId: arms[index]!.presetId,
    propensity: propensities[index]!,
    propensities: byPreset(propensities),
    scores: byPreset(beliefs),
    fallback: null,
  };
}

function certain(presetId: string, fallback: string | null): Choice {
  return { presetId, propensity: 1, propensities: { [presetId]: 1 }, scores: {}, fallback };
}

/** The arm in whose share of [0, 1) the draw falls. */
function pick(propensities: readonly number[], draw: number): number {
  let sum = 0;
  const index = propensities.findIndex((propensity) => (sum += propensity) > draw);
  return index < 0 ? propensities.length - 1 : index; // rounding may leave the sum a hair below 1
}
