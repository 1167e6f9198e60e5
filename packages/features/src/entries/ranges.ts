import {
  averageStart,
  corwinSchultzSpread,
  meanOf,
  stepAverage,
  trueRangeOf,
  wilderWeight,
  type AverageState,
  type PriceBar,
} from '@aistock/market';
import { barsToForget, feature, pushWindow } from '../feature.ts';

const PERIOD = 14;
const WEIGHT = wilderWeight(PERIOD);
const SPREAD_BARS = 20;

export const atr = feature<{ close: number | null; readonly average: AverageState }>({
  name: `atr_${PERIOD}`,
  version: 1,
  inputs: ['high', 'low', 'close'],
  options: { period: PERIOD },
  warmUpBars: PERIOD + barsToForget(WEIGHT),
  unit: 'price',
  description: 'Average true range of Wilder, seeded by the mean of the first fourteen.',
  start: () => ({ close: null, average: averageStart() }),
  step(state, bar) {
    const before = state.close;
    state.close = bar.close;
    return before === null
      ? Number.NaN
      : stepAverage(state.average, trueRangeOf(bar, before), PERIOD, WEIGHT);
  },
});

interface Directions {
  before: Pick<PriceBar, 'high' | 'low'> | null;
  readonly up: AverageState;
  readonly down: AverageState;
  readonly index: AverageState;
}

/** Wilder divides both movements by the average true range, which cancels out of the index: it takes highs and lows only. */
export const adx = feature<Directions>({
  name: `adx_${PERIOD}`,
  version: 1,
  inputs: ['high', 'low'],
  options: { period: PERIOD },
  // Two averages, one of the other, forget in little more than the time of one.
  warmUpBars: 2 * PERIOD - 1 + Math.ceil(1.25 * barsToForget(WEIGHT)),
  unit: '0 to 100',
  description: 'Average directional index of Wilder; a bar without direction counts as 0.',
  start: () => ({ before: null, up: averageStart(), down: averageStart(), index: averageStart() }),
  step(state, { high, low }) {
    const { before } = state;
    state.before = { high, low };
    if (!before) return Number.NaN;
    const [rise, fall] = [high - before.high, before.low - low];
    const up = stepAverage(state.up, rise > fall && rise > 0 ? rise : 0, PERIOD, WEIGHT);
    const down = stepAverage(state.down, fall > rise && fall > 0 ? fall : 0, PERIOD, WEIGHT);
    return Number.isNaN(up) ? up : stepAverage(state.index, directionOf(up, down), PERIOD, WEIGHT);
  },
});

const directionOf = (up: number, down: number): number =>
  up + down === 0 ? 0 : (100 * Math.abs(up - down)) / (up + down);

export const spread = feature<{ before: PriceBar | null; readonly spreads: number[] }>({
  name: `spread_corwin_schultz_${SPREAD_BARS}`,
  version: 1,
  inputs: ['high', 'low', 'close'],
  options: { period: SPREAD_BARS },
  warmUpBars: SPREAD_BARS,
  unit: 'fraction of the price',
  description: 'Mean of the spreads that Corwin and Schultz tell from two bars each, none below zero.',
  start: () => ({ before: null, spreads: [] }),
  step(state, bar) {
    if (state.before) pushWindow(state.spreads, corwinSchultzSpread(state.before, bar), SPREAD_BARS);
    state.before = { ...bar };
    return state.spreads.length < SPREAD_BARS ? Number.NaN : meanOf(state.spreads, 0, SPREAD_BARS);
  },
});
