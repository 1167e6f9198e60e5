export type { EmissionOptions, GaussianOptions } from './emission-options.ts';
export type { CategoricalHmm, CategoricalSize } from './families/categorical-hmm.ts';
export type { MixtureHmm, MixtureSize } from './families/mixture-hmm.ts';
export type { StudentTHmm, StudentTSize } from './families/student-t-hmm.ts';
export type { DegenerateState } from './training/degenerate-states.ts';
export type { EmOptions } from './training/em.ts';
export type { FitOptions, FitProgress, SearchOptions, TrainingOptions } from './training/fit-options.ts';
export { fit, fitFrom, type Fit } from './training/fit.ts';
export type { Priors } from './training/priors.ts';
export type { Arithmetic } from './workspace.ts';
export type { Covariance, GaussianHmm, GaussianSize } from './gaussian-hmm.ts';
export { HmmError, type HmmErrorCode } from './hmm-error.ts';
export type { Family, Hmm, ModelSize } from './hmm.ts';
export { decode, filter, infer, score, stateLogDensities, type Inference } from './infer.ts';
export { forwardBackward, viterbi, type Path, type Posterior } from './inference.ts';
export {
  modelFromJson,
  modelToJson,
  type CategoricalHmmJson,
  type GaussianHmmJson,
  type HmmJson,
  type MixtureHmmJson,
  type StudentTHmmJson,
} from './json.ts';
export { emissionDistances } from './matching/emission-distance.ts';
export {
  alignStates,
  matchStates,
  type AlignedStates,
  type MatchOptions,
  type StateMatch,
  type StatePair,
} from './matching/match-states.ts';
export { markovChain, type MarkovChain } from './markov-chain.ts';
export {
  categoricalHmm,
  gaussianHmm,
  mixtureHmm,
  studentTHmm,
  type CategoricalHmmParts,
  type GaussianHmmParts,
  type MixtureHmmParts,
  type StudentTHmmParts,
} from './model-parts.ts';
export { bayesianInformationCriterion, parameterCount } from './model-size.ts';
export type { Missing, Observations } from './observations.ts';
export {
  learnOnline,
  onlineStatistics,
  startOnline,
  type OnlineEm,
  type OnlineEmOptions,
  type OnlineLearning,
} from './online/online-em.ts';
export { onlineFromJson, onlineToJson, type OnlineEmJson } from './online/online-json.ts';
export {
  sufficientStatistics,
  updateOnline,
  type OnlineOptions,
  type OnlineUpdate,
} from './online/update-online.ts';
export { createRandom, type Random } from './random.ts';
export {
  regimeOf,
  RETURN_FEATURE,
  stateMeanings,
  type RegimeReading,
  type StateMeanings,
} from './regime-reading.ts';
export { mergeStatistics, type SufficientStatistics } from './statistics.ts';
export {
  chooseStates,
  type ChoiceOptions,
  type StateCandidate,
  type StateChoice,
} from './selection/choose-states.ts';
export { heldOutScore } from './selection/held-out-score.ts';
export {
  akaikeInformationCriterion,
  integratedCompletedLikelihood,
} from './selection/information-criteria.ts';
export { sample, type Sample } from './selection/sample.ts';
export { rescale, sampleEmission, stateDeviations, stateMeans } from './state-moments.ts';
export { orderStates } from './state-order.ts';
export { streamFilter, type FilterState, type StreamFilter } from './stream-filter.ts';
export { statisticsFromJson, statisticsToJson, type SufficientStatisticsJson } from './statistics-json.ts';
