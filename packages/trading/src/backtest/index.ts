export type { BacktestAnswers, BacktestResult, BacktestSeries, BacktestTerms } from './terms.ts';
