export { toPriceBar, type Bar, type PriceBar } from './bar.ts';
export {
  barsPerYear,
  CALENDARS,
  closeMs,
  countExpectedBars,
  expectedOpens,
  dailyOpenMs,
  expectedOpenBefore,
  isSessionOpen,
  type BarSchedule,
  type Calendar,
} from './calendar.ts';
export {
  CONTEXT_BARS_MIN,
  contextFeatures,
  MODEL_FEATURE_NAMES,
  MODEL_WARM_UP_BARS,
  modelFeatures,
  type ContextFeatures,
  type FeatureMatrix,
} from './features.ts';
export { logRatio } from './log-ratio.ts';
export { rangeSquareOf, VOLATILITY_BARS, volatilityLogOf } from './range-volatility.ts';
export type { ExchangeDay } from './exchange-day.ts';
export {
  reconcileCalendar,
  xnysDays,
  type CalendarDifference,
  type ReconciledCalendar,
} from './reconcile-calendar.ts';
export * from './indicators/index.ts';
export * from './indicators/steps.ts';
export { lowerBound } from './lower-bound.ts';
export { isTimeframe, TIMEFRAME_MS, type Timeframe } from './timeframe.ts';
export { fxWeekAt } from './fx-weeks.ts';
export { tradingDay } from './trading-day.ts';
export { xnysSessionAt, xnysSessions, type Hours, type Sessions, type XnysSession } from './xnys-sessions.ts';
export {
  csvBarParser,
  formatCsvBars,
  parseCsvBars,
  type CsvBarParser,
  type CsvOptions,
} from './csv/csv-bars.ts';
export { CsvError } from './csv/csv-error.ts';
export { actionSteps } from './adjust/action-steps.ts';
export {
  adjustBars,
  type Adjustment,
  type AdjustmentMode,
  type AdjustmentStep,
  type Ratio,
} from './adjust/adjust-bars.ts';
export type { CorporateAction } from './adjust/corporate-action.ts';
export { inSharesOf } from './adjust/in-shares-of.ts';
export { parseFactorFile } from './adjust/factor-file.ts';
export { compareDecimal, FRACTION_DIGITS_MAX, fromUnits, normaliseDecimal, toUnits } from './decimal.ts';
export {
  checkBars,
  countRejections,
  type BarCheck,
  type CheckedBars,
  type RejectedBar,
  type RejectionCount,
  type RejectionReason,
} from './quality/check-bars.ts';
export {
  compareBars,
  type BarComparison,
  type BarDifference,
  type DifferenceKind,
} from './quality/compare-bars.ts';
export { coverageOf, dayOf, missingByDay, type Coverage, type CoverageCell } from './quality/coverage.ts';
export { differences, type Differences } from './quality/differences.ts';
export { findGaps, type Gap } from './quality/gaps.ts';
export {
  MONITOR_START,
  monitorBars,
  type Finding,
  type FindingKind,
  type MonitorState,
} from './quality/monitor-bars.ts';
export { splitGap, type SplitGap } from './quality/split-gap.ts';
export {
  isFault,
  qualityVerdict,
  type GapMeaning,
  type QualityCounts,
  type StreamQuality,
  type Verdict,
} from './quality/verdict.ts';
export { blackoutDays, type EarningsBlackout } from './universe/earnings-blackout.ts';
export { exclusionsOf, type Candidate, type Exclusion, type UniverseFilters } from './universe/exclusions.ts';
export { measureCandidate, type CandidateMeasures } from './universe/measure-candidate.ts';
export { corwinSchultzSpread } from './universe/corwin-schultz.ts';
export { universeWindow } from './universe/universe-window.ts';
