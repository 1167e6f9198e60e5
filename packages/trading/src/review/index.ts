export { reviewBacktest } from './review-backtest.ts';
export type { ReviewedBars, ReviewInput } from './review-input.ts';
export type { Warning, WarningCode } from './warning.ts';
