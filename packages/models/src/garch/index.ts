export type { GarchOptions } from './coordinates.ts';
export { fitGarch, type GarchFit } from './fit.ts';
export { fitVolatility, type Volatility } from './fit-volatility.ts';
export { scoreVolatility } from './score.ts';
export { filterVariances, forecastVariances, stepVariance } from './step.ts';
export {
  ewmaModel,
  longRunVariance,
  startOf,
  type VolatilityModel,
  type VolatilityState,
} from './volatility-model.ts';
