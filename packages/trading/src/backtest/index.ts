export { runBacktest } from './run-backtest.ts';
export type {
  BacktestAnswers,
  BacktestResult,
  BacktestSeries,
  BacktestStart,
  BacktestTerms,
  FillRule,
} from './terms.ts';
