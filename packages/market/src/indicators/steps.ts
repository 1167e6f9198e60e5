/** What indicators are made of, for those who take bars one at a time. */
export { strengthOf } from './momentum.ts';
export { trueRangeOf } from './ranges.ts';
export { averageStart, emaWeight, stepAverage, wilderWeight, type AverageState } from './smoothing.ts';
export { meanOf, zscoreOf } from './windows.ts';
