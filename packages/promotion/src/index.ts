export type { Calibration, ReliabilityBin } from './evidence/calibration.ts';
export type { Drift } from './evidence/drift.ts';
export type { LabelStability } from './evidence/label-stability.ts';
export { leakCheck, type LeakCheck } from './evidence/leak.ts';
export type { HoldoutSplit, MemoryGain } from './evidence/memory-gain.ts';
export type { ChampionComparison, ModelEvidence } from './evidence/model-evidence.ts';
export { regimeEvidence, type RegimeEvidence, type RegimeSubject } from './evidence/regime-evidence.ts';
export { baselineLogLikelihoods, type ForecastKind } from './forecast/baseline.ts';
export {
  forecastEvidence,
  type ForecastEvidence,
  type ForecastSubject,
} from './forecast/forecast-evidence.ts';
export { judgeForecast, type ForecastFacts } from './forecast/forecast-gates.ts';
export { purgeFor, walkForward, type RowFold, type WalkForwardTerms } from './folds/walk-forward.ts';
export type { Gate } from './gates/gate.ts';
export { judge, type Evidence, type Verdict } from './judge.ts';
export {
  performanceEvidence,
  type ModelTrials,
  type PerformanceEvidence,
} from './performance/performance-evidence.ts';
export type { FoldModel, StrategyWalk } from './performance/strategy-walk.ts';
export { PromotionPolicy } from './policy.ts';
export { judgeLive, type LiveEvidence, type LiveVerdict } from './shadow/judge-live.ts';
export {
  judgeShadow,
  type BarScore,
  type ShadowEvidence,
  type ShadowVerdict,
} from './shadow/judge-shadow.ts';
export { pairedMean } from './statistics/paired-mean.ts';
export type { MeanDifference } from './statistics/mean-difference.ts';
