import { averageStart, emaWeight, stepAverage, type AverageState } from '@aistock/market';
import { barsToForget, feature, type Feature } from '../feature.ts';

const SLOPE_PERIOD = 20;
/** A slope is about a thousandth of the average that it is a difference of, so its seed must be forgotten further. */
const SLOPE_EXTRA_BARS = barsToForget(emaWeight(SLOPE_PERIOD)) / 3;

const warmUpOf = (period: number): number => period - 1 + barsToForget(emaWeight(period));

const emaOf = (period: number): Feature =>
  feature<AverageState>({
    name: `ema_${period}`,
    version: 1,
    inputs: ['close'],
    options: { period },
    warmUpBars: warmUpOf(period),
    unit: 'price',
    description: `Exponential moving average of the close, weight 2 / ${period + 1}.`,
    start: averageStart,
    step: (state, { close }) => stepAverage(state, close, period, emaWeight(period)),
  });

export const ema20 = emaOf(20);
export const ema50 = emaOf(50);

export const emaSlope = feature<{ readonly average: AverageState; before: number | null }>({
  name: `ema_slope_${SLOPE_PERIOD}`,
  version: 1,
  inputs: ['close'],
  options: { period: SLOPE_PERIOD },
  warmUpBars: warmUpOf(SLOPE_PERIOD) + Math.ceil(SLOPE_EXTRA_BARS),
  unit: 'fraction a bar',
  description: `Change of the exponential moving average of ${SLOPE_PERIOD} bars on the bar before.`,
  start: () => ({ average: averageStart(), before: null }),
  step(state, { close }) {
    const now = stepAverage(state.average, close, SLOPE_PERIOD, emaWeight(SLOPE_PERIOD));
    const value = state.before === null ? Number.NaN : now / state.before - 1;
    if (!Number.isNaN(now)) state.before = now;
    return value;
  },
});
