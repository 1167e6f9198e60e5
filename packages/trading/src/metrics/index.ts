export type { CostTotals } from './cost-figures.ts';
export type { EquityCurve } from './equity-curve.ts';
export { performance, type Performance, type PerformanceInput } from './performance.ts';
