export {
  SourceError,
  type BarRequest,
  type BarSource,
  type FetchedBars,
  type Provenance,
  type SourceErrorCode,
  type UnservedRange,
} from './bar-source.ts';
export { csvSource, csvSourcesIn, type CsvPlace, type CsvSource, type CsvTerms } from './csv/csv-source.ts';
export { ccxtSource, type CcxtTerms } from './ccxt/ccxt-source.ts';
export {
  PRIORITIES,
  unpaced,
  type PacedAnswer,
  type PacedRequest,
  type Pacer,
  type Priority,
} from './pacing/pacer.ts';
export { retryAfterMs } from './pacing/retry-after.ts';
export { RETRY_TERMS_DEFAULT, retried, type RetryTerms, type RetryWorld } from './resilience/retry.ts';
export { circuit, type Circuit } from './resilience/circuit.ts';
export type { BreakerState } from './resilience/breaker.ts';
