import { logRatio, meanOf, rangeSquareOf, VOLATILITY_BARS, volatilityLogOf } from '@aistock/market';
import { feature, pushWindow } from '../feature.ts';

const REALISED_BARS = 20;

interface Previous {
  close: number | null;
}

interface Squares {
  close: number | null;
  readonly squares: number[];
}

export const closeLog = feature<null>({
  name: 'close_log',
  version: 1,
  inputs: ['close'],
  options: {},
  warmUpBars: 0,
  unit: 'log price',
  description: 'Logarithm of the close. Trend models read it, so that their velocity is a log return a bar.',
  start: () => null,
  step: (_, { close }) => Math.log(close),
});

export const returnSimple = feature<Previous>({
  name: 'return_simple',
  version: 1,
  inputs: ['close'],
  options: {},
  warmUpBars: 1,
  unit: 'fraction a bar',
  description: 'Change of the close on the bar before.',
  start: () => ({ close: null }),
  step(state, { close }) {
    const value = state.close === null ? Number.NaN : close / state.close - 1;
    state.close = close;
    return value;
  },
});

export const returnLog = feature<Previous>({
  name: 'return_log',
  version: 1,
  inputs: ['close'],
  options: {},
  warmUpBars: 1,
  unit: 'log return a bar',
  description: 'Logarithm of the close over that of the bar before. The regime models read it.',
  start: () => ({ close: null }),
  step(state, { close }) {
    const value = state.close === null ? Number.NaN : logRatio(close, state.close);
    state.close = close;
    return value;
  },
});

export const realisedVolatility = feature<Squares>({
  name: `realised_volatility_${REALISED_BARS}`,
  version: 1,
  inputs: ['close'],
  options: { period: REALISED_BARS },
  warmUpBars: REALISED_BARS,
  unit: 'log return a bar',
  description: 'Root of the mean squared log return; no mean is taken off.',
  start: () => ({ close: null, squares: [] }),
  step(state, { close }) {
    if (state.close !== null) pushWindow(state.squares, logRatio(close, state.close) ** 2, REALISED_BARS);
    state.close = close;
    const { squares } = state;
    return squares.length < REALISED_BARS ? Number.NaN : Math.sqrt(meanOf(squares, 0, REALISED_BARS));
  },
});

export const volatilityLog = feature<{ readonly squares: number[] }>({
  name: 'volatility_log',
  version: 1,
  inputs: ['high', 'low'],
  options: { period: VOLATILITY_BARS },
  warmUpBars: VOLATILITY_BARS - 1,
  unit: 'log of a log return a bar',
  description: 'Logarithm of the high-low volatility of Parkinson. The regime models read it.',
  start: () => ({ squares: [] }),
  step({ squares }, bar) {
    pushWindow(squares, rangeSquareOf(bar), VOLATILITY_BARS);
    return squares.length < VOLATILITY_BARS ? Number.NaN : volatilityLogOf(squares, VOLATILITY_BARS);
  },
});
