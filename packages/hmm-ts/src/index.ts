export { fit, fitFrom, type Fit, type FitOptions } from './fit.ts';
export type { EmOptions } from './em.ts';
export {
  gaussianHmm,
  rescale,
  stateDeviations,
  stateMeans,
  type Covariance,
  type GaussianHmm,
  type GaussianHmmParts,
} from './gaussian-hmm.ts';
export { HmmError, type HmmErrorCode } from './hmm-error.ts';
export { decode, infer, streamFilter, type FilterState, type Inference, type StreamFilter } from './infer.ts';
export { forwardBackward, viterbi, type Path, type Posterior } from './inference.ts';
export {
  modelFromJson,
  modelToJson,
  statisticsFromJson,
  statisticsToJson,
  type GaussianHmmJson,
  type SufficientStatisticsJson,
} from './json.ts';
export { markovChain, type MarkovChain } from './markov-chain.ts';
export { bayesianInformationCriterion, parameterCount, type ModelSize } from './model-size.ts';
export type { Observations } from './observations.ts';
export { sufficientStatistics, updateOnline, type OnlineOptions, type OnlineUpdate } from './online.ts';
export { createRandom, type Random } from './random.ts';
export { regimeOf, RETURN_FEATURE, trendSigns, type RegimeReading } from './regime-reading.ts';
export { mergeStatistics, type SufficientStatistics } from './statistics.ts';
