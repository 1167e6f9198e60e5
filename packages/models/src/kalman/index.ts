export { filter, type Filtered, type PriceSeries, type TrendPath } from './filter.ts';
export { fitTrend, type TrendFit } from './fit.ts';
export { checkModel, diffuseStart, knownStart, type Motion, type TrendModel } from './model.ts';
export { smooth } from './smooth.ts';
export type { Observed, TrendState } from './state.ts';
export { predict, step } from './step.ts';
