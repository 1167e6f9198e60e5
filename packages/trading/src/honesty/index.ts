export {
  blockDaysFor,
  bootstrapReturns,
  type BootstrapPolicy,
  type ReturnsBootstrap,
} from './block-bootstrap.ts';
export { meanTest, type MeanTest } from './mean-test.ts';
export { backtestOverfitting, returnBlocks, type ReturnBlock } from './overfitting.ts';
export type { Bands, ResamplingPolicy, Spread } from './resampling.ts';
export {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeRecordOf,
  type SharpeRecord,
  type Trials,
} from './sharpe-significance.ts';
export { shuffleTrades, type TradeShuffle } from './trade-shuffle.ts';
