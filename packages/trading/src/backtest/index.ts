export { runBacktest } from './run-backtest.ts';
export type { BacktestAnswers, BacktestResult, BacktestSeries, BacktestTerms, FillRule } from './terms.ts';
