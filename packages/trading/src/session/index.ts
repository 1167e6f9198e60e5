export { runBacktest, type BacktestResult, type BacktestTerms, type FillRule } from './backtest.ts';
export { BarWindow, WINDOW_BARS_MAX } from './bar-window.ts';
export { roundTrip, type Outcome, type RoundTrip } from './round-trip.ts';
export { FLAT_STATE, isFlat, type SessionState } from './session-state.ts';
export type { EquityStatistics } from './statistics.ts';
export type { SessionConfig, SessionSetup, StepInput, StreamQuality } from './step-input.ts';
export { step, type StepOutput } from './step.ts';
export type { Trade } from './trade-book.ts';
