export type { GarchOptions } from './coordinates.ts';
export { chooseVolatility } from './choose-volatility.ts';
export { fitGarch, type GarchFit } from './fit.ts';
export { fitVolatility, type Volatility } from './fit-volatility.ts';
export { logDensity } from './log-density.ts';
export { scoreVolatility } from './score.ts';
export { filterVariances, forecastVariances, stepVariance } from './step.ts';
export {
  checkVolatilityModel,
  ewmaModel,
  longRunVariance,
  persistence,
  startOf,
  type VolatilityModel,
  type VolatilityState,
} from './volatility-model.ts';
