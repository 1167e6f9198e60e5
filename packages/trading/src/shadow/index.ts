export { compareDay, type DayComparison } from './compare-day.ts';
export { judgeDay, type DayVerdict, type ShadowThresholds } from './judge-day.ts';
export type { BarsByStream, ShadowDay } from './shadow-day.ts';
