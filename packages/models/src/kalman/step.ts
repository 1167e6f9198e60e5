import { ModelError } from '../model-error.ts';
import { disturbance, type TrendModel } from './model.ts';
import { disturbed, moved, observe, type Observed, type TrendState } from './state.ts';

/** A run of missing bars longer than this is another series. */
const BARS_MAX = 1e6;

/**
 * The state so many bars later, seen from now: the forecast, and what missing bars do.
 * @param bars 0 for the same bar, or from 1 to a million; a fraction above 1 is allowed.
 * @throws ModelError `bad_option` for other bars, `not_finite` for a state that left the range of numbers.
 */
export function predict(model: TrendModel, state: TrendState, bars: number): TrendState {
  if (!(bars === 0 || (bars >= 1 && bars <= BARS_MAX)))
    throw new ModelError('bad_option', `bars must be 0 or from 1 to ${BARS_MAX}, not ${bars}`);
  if (bars === 0 || isUnknown(state)) return state;
  return checked(disturbed(moved(state, bars), disturbance(model, bars)));
}

/** The state so many bars earlier, for the pass from the end. */
export function retreat(model: TrendModel, state: TrendState, bars: number): TrendState {
  if (bars === 0 || isUnknown(state)) return state;
  return moved(disturbed(state, disturbance(model, bars)), -bars);
}

/** Nothing was seen yet: moving what is unknown everywhere leaves it as it is. */
const isUnknown = ({ diffuse }: TrendState): boolean => diffuse?.level === 1 && diffuse.cross === 0;

/**
 * One bar: prediction, then the observation; constant memory. The start state is of the first bar itself, so that bar comes
 * with `bars` 0, every later one with the bars since the one before.
 * @param price NaN where the bar has none: the state is predicted only, with no innovation and no likelihood.
 * @throws ModelError `not_finite` for an infinite price or a state that left the range of numbers; `bad_option` for bad bars.
 */
export function step(model: TrendModel, before: TrendState, price: number, bars = 1): Observed {
  if (Math.abs(price) === Infinity)
    throw new ModelError('not_finite', `price must be finite, or NaN where there is none, not ${price}`);
  const state = predict(model, before, bars);
  if (Number.isNaN(price)) return { state, innovation: null, innovationVariance: Infinity, logLikelihood: 0 };
  const seen = observe(state, {
    ofLevel: 1,
    ofVelocity: 0,
    value: price,
    variance: model.observationVariance,
  });
  checked(seen.state);
  if (!Number.isFinite(seen.logLikelihood))
    throw new ModelError('not_finite', `the likelihood left the range of numbers at the price ${price}`);
  return seen;
}

function checked(state: TrendState): TrendState {
  const { level, velocity, spread } = state;
  if (!Number.isFinite(level + velocity + spread.level + spread.cross + spread.velocity))
    throw new ModelError('not_finite', `the state left the range of numbers at the level ${level}`);
  return state;
}
