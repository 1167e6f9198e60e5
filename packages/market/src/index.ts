export { toPriceBar, type Bar, type PriceBar } from './bar.ts';
export {
  barsPerYear,
  CALENDARS,
  closeMs,
  countExpectedBars,
  expectedOpens,
  isExpectedOpen,
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
export * from './indicators/index.ts';
export { isTimeframe, TIMEFRAME_MS, type Timeframe } from './timeframe.ts';
export type { Sessions } from './xnys-sessions.ts';
