export { toPriceBar, type Bar, type PriceBar } from './bar.ts';
export {
  barsPerYear,
  CALENDARS,
  closeMs,
  countExpectedBars,
  dailyOpenMs,
  type BarSchedule,
  type Calendar,
} from './calendar.ts';
export {
  contextFeatures,
  MODEL_FEATURE_NAMES,
  MODEL_WARM_UP_BARS,
  modelFeatures,
  type ContextFeatures,
  type FeatureMatrix,
} from './features.ts';
export type { ExchangeDay } from './exchange-day.ts';
export * from './indicators/index.ts';
export { isTimeframe, TIMEFRAME_MS, type Timeframe } from './timeframe.ts';
export { xnysSessions, type Sessions, type XnysSession } from './xnys-sessions.ts';
export {
  csvBarParser,
  formatCsvBars,
  parseCsvBars,
  type CsvBarParser,
  type CsvOptions,
} from './csv/csv-bars.ts';
export { CsvError } from './csv/csv-error.ts';
export { compareDecimal, normaliseDecimal } from './decimal.ts';
export {
  checkBars,
  countRejections,
  type BarCheck,
  type CheckedBars,
  type RejectedBar,
  type RejectionCount,
  type RejectionReason,
} from './quality/check-bars.ts';
export { findGaps, type Gap } from './quality/gaps.ts';
export { qualityVerdict, type GapMeaning, type StreamQuality, type Verdict } from './quality/verdict.ts';
