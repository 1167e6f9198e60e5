import { logRatio, TIMEFRAME_MS } from '@aistock/market';
import { ModelError } from '@aistock/models';
import {
  fitVolatility,
  stepVariance,
  type VolatilityModel,
  type VolatilityState,
} from '@aistock/models/garch';
import { feature, pushWindow } from '../feature.ts';

/** Returns that parameters are fitted on. */
const WINDOW_BARS = 500;
/** At most so many bars until they are fitted again. */
const REFIT_BARS = 500;

interface Garch {
  /** Parameters are fitted at the first bar of each span of so many ms since 1970: at the same bars wherever a history began. */
  readonly spanMs: number;
  span: number | null;
  close: number | null;
  readonly returns: number[];
  fitted: { readonly model: VolatilityModel; state: VolatilityState } | null;
}

export const garchVolatility = feature<Garch>({
  name: 'garch_volatility',
  version: 1,
  inputs: ['close', 'openMs'],
  options: { windowBars: WINDOW_BARS, refitBars: REFIT_BARS },
  warmUpBars: WINDOW_BARS + REFIT_BARS + 1,
  unit: 'log return a bar',
  description:
    'Volatility that a GARCH(1,1) forecasts for the next bar; its parameters are of the last 500 returns before and with the first bar of each span of 500 bars.',
  start: (timeframe) => ({
    spanMs: REFIT_BARS * TIMEFRAME_MS[timeframe],
    span: null,
    close: null,
    returns: [],
    fitted: null,
  }),
  step(state, { close, openMs }) {
    const value = state.close === null ? null : logRatio(close, state.close);
    state.close = close;
    if (value !== null) pushWindow(state.returns, value, WINDOW_BARS);
    const span = Math.floor(openMs / state.spanMs);
    const isNewSpan = state.span !== null && span !== state.span;
    state.span = span;
    if (isNewSpan && state.returns.length === WINDOW_BARS) state.fitted = fittedOn(state.returns);
    else if (state.fitted && value !== null)
      state.fitted.state = stepVariance(state.fitted.model, state.fitted.state, value);
    return state.fitted ? Math.sqrt(state.fitted.state.variance) : Number.NaN;
  },
});

/** GARCH, or EWMA where the returns do not carry it; null where they never differ, so that there is no volatility to tell. */
function fittedOn(returns: readonly number[]): Garch['fitted'] {
  try {
    const { model, state } = fitVolatility(Float64Array.from(returns));
    return { model, state };
  } catch (error) {
    if (error instanceof ModelError && error.code === 'degenerate') return null;
    throw error;
  }
}
