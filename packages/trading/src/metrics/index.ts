export type { CostTotals } from './cost-figures.ts';
export { drawdownFigures } from './drawdown.ts';
export { dailyValues, returnsOf, type EquityCurve } from './equity-curve.ts';
export { monthlyReturns, type MonthlyReturn } from './monthly-returns.ts';
export { performance, type DailyFigures, type Performance, type PerformanceInput } from './performance.ts';
