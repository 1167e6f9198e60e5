/** A symmetric two by two matrix over level and velocity. */
export interface Spread {
  readonly level: number;
  readonly cross: number;
  readonly velocity: number;
}

/**
 * What is known of a price: plain data, the same size after any number of bars. Price units; velocity in price units a bar.
 * The covariance of the error is `spread` plus, while `diffuse` is there, infinitely often `diffuse`: so a start that knows
 * nothing is exact (Koopman 1997; Durbin & Koopman 2012, 5.2).
 */
export interface TrendState {
  readonly level: number;
  readonly velocity: number;
  readonly spread: Spread;
  readonly diffuse: Spread | null;
}

/** A linear combination of level and velocity that was seen with an error of this variance. */
export interface Observation {
  readonly ofLevel: number;
  readonly ofVelocity: number;
  readonly value: number;
  readonly variance: number;
}

/** What an observation did. While nothing was known of what it saw, the innovation is null and the variance infinite. */
export interface Observed {
  readonly state: TrendState;
  readonly innovation: number | null;
  readonly innovationVariance: number;
  readonly logLikelihood: number;
}

/** A diffuse part starts at one; below this only rounding is left of it. */
const DIFFUSE_ROUNDING = 1e-12;

/** The state `bars` later, or earlier where negative, if nothing disturbs it. */
export function moved({ level, velocity, spread, diffuse }: TrendState, bars: number): TrendState {
  return {
    level: level + bars * velocity,
    velocity,
    spread: movedSpread(spread, bars),
    diffuse: diffuse && movedSpread(diffuse, bars),
  };
}

const movedSpread = ({ level, cross, velocity }: Spread, bars: number): Spread => ({
  level: level + bars * (2 * cross + bars * velocity),
  cross: cross + bars * velocity,
  velocity,
});

/** The state with a disturbance of this covariance added. */
export const disturbed = (state: TrendState, { level, cross, velocity }: Spread): TrendState => ({
  ...state,
  spread: {
    level: state.spread.level + level,
    cross: state.spread.cross + cross,
    velocity: state.spread.velocity + velocity,
  },
});

/**
 * The update of the Kalman filter in Joseph's form, (I - Kh)P(I - Kh)' + KRK', which stays symmetric and never turns negative
 * (Bucy & Joseph 1968); with a diffuse part the gain comes from that part alone and the same form holds for both.
 */
export function observe(state: TrendState, { ofLevel, ofVelocity, value, variance }: Observation): Observed {
  const along = ({ level, cross, velocity }: Spread) => {
    const ofL = level * ofLevel + cross * ofVelocity;
    const ofV = cross * ofLevel + velocity * ofVelocity;
    return { ofL, ofV, variance: ofLevel * ofL + ofVelocity * ofV };
  };
  const unknown = state.diffuse && along(state.diffuse);
  const isUnknown = unknown !== null && unknown.variance > DIFFUSE_ROUNDING;
  const seen = isUnknown ? unknown : along(state.spread);
  const total = isUnknown ? seen.variance : seen.variance + variance;
  // What is known for certain already cannot be seen any better.
  if (total === 0) return { state, innovation: null, innovationVariance: 0, logLikelihood: 0 };
  const gain = { level: seen.ofL / total, velocity: seen.ofV / total };
  const innovation = value - ofLevel * state.level - ofVelocity * state.velocity;
  const keep: Keep = [
    1 - gain.level * ofLevel,
    -gain.level * ofVelocity,
    -gain.velocity * ofLevel,
    1 - gain.velocity * ofVelocity,
  ];
  const spread = sandwich(keep, state.spread);
  const after = {
    level: state.level + gain.level * innovation,
    velocity: state.velocity + gain.velocity * innovation,
    spread: {
      level: spread.level + variance * gain.level * gain.level,
      cross: spread.cross + variance * gain.level * gain.velocity,
      velocity: spread.velocity + variance * gain.velocity * gain.velocity,
    },
    diffuse: state.diffuse && left(sandwich(keep, state.diffuse)),
  };
  const fit = isUnknown ? 0 : (innovation * innovation) / total;
  return {
    state: after,
    innovation: isUnknown ? null : innovation,
    innovationVariance: isUnknown ? Infinity : total,
    logLikelihood: -(Math.log(2 * Math.PI * total) + fit) / 2,
  };
}

/** By rows. */
type Keep = readonly [number, number, number, number];

const sandwich = ([a, b, c, d]: Keep, { level, cross, velocity }: Spread): Spread => ({
  level: a * a * level + 2 * a * b * cross + b * b * velocity,
  cross: a * c * level + (a * d + b * c) * cross + b * d * velocity,
  velocity: c * c * level + 2 * c * d * cross + d * d * velocity,
});

const left = (diffuse: Spread): Spread | null =>
  diffuse.level < DIFFUSE_ROUNDING && diffuse.velocity < DIFFUSE_ROUNDING ? null : diffuse;
