import {
  averageStart,
  stepAverage,
  strengthOf,
  wilderWeight,
  zscoreOf,
  type AverageState,
} from '@aistock/market';
import { barsToForget, feature, pushWindow } from '../feature.ts';

const RSI_PERIOD = 14;
const ZSCORE_BARS = 20;
const EFFICIENCY_BARS = 20;

interface Strength {
  close: number | null;
  readonly gain: AverageState;
  readonly loss: AverageState;
}

interface Values {
  readonly values: number[];
}

export const rsi = feature<Strength>({
  name: `rsi_${RSI_PERIOD}`,
  version: 1,
  inputs: ['close'],
  options: { period: RSI_PERIOD },
  warmUpBars: RSI_PERIOD + barsToForget(wilderWeight(RSI_PERIOD)),
  unit: '0 to 100',
  description: 'Relative strength index of Wilder; 100 where nothing fell, 50 where nothing moved.',
  start: () => ({ close: null, gain: averageStart(), loss: averageStart() }),
  step(state, { close }) {
    const change = state.close === null ? Number.NaN : close - state.close;
    state.close = close;
    if (Number.isNaN(change)) return change;
    const weight = wilderWeight(RSI_PERIOD);
    const gain = stepAverage(state.gain, Math.max(change, 0), RSI_PERIOD, weight);
    const loss = stepAverage(state.loss, Math.max(-change, 0), RSI_PERIOD, weight);
    return strengthOf(gain, loss);
  },
});

export const zscore = feature<Values>({
  name: `zscore_${ZSCORE_BARS}`,
  version: 1,
  inputs: ['close'],
  options: { period: ZSCORE_BARS },
  warmUpBars: ZSCORE_BARS - 1,
  unit: 'standard deviations',
  description:
    'Distance of the close from its mean in population standard deviations; none where it stands still.',
  start: () => ({ values: [] }),
  step: ({ values }, { close }) => newestZscore(values, close),
});

export const volumeZscore = feature<Values>({
  name: `volume_zscore_${ZSCORE_BARS}`,
  version: 1,
  inputs: ['volume'],
  options: { period: ZSCORE_BARS },
  warmUpBars: ZSCORE_BARS - 1,
  unit: 'standard deviations',
  description: 'The same of the volume; none where all volumes are equal.',
  start: () => ({ values: [] }),
  step: ({ values }, { volume }) => newestZscore(values, volume),
});

function newestZscore(values: number[], value: number): number {
  pushWindow(values, value, ZSCORE_BARS);
  return values.length < ZSCORE_BARS ? Number.NaN : zscoreOf(values, 0, ZSCORE_BARS);
}

export const trendStrength = feature<Values>({
  name: `trend_strength_${EFFICIENCY_BARS}`,
  version: 1,
  inputs: ['close'],
  options: { period: EFFICIENCY_BARS },
  warmUpBars: EFFICIENCY_BARS,
  unit: '0 to 1',
  description:
    'Efficiency ratio of Kaufman: the way that was made over the way that was gone; 0 where nothing moved.',
  start: () => ({ values: [] }),
  step({ values }, { close }) {
    pushWindow(values, close, EFFICIENCY_BARS + 1);
    if (values.length <= EFFICIENCY_BARS) return Number.NaN;
    let gone = 0;
    for (let i = 1; i <= EFFICIENCY_BARS; i++) gone += Math.abs(values[i]! - values[i - 1]!);
    return gone === 0 ? 0 : Math.abs(values[EFFICIENCY_BARS]! - values[0]!) / gone;
  },
});
