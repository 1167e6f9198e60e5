export {
  SourceError,
  type BarRequest,
  type BarSource,
  type FetchedBars,
  type PassedOver,
  type Provenance,
  type SourceErrorCode,
  type SourceFacts,
  type UnservedRange,
} from './bar-source.ts';
export { csvSource, csvSourcesIn, type CsvPlace, type CsvSource, type CsvTerms } from './csv/csv-source.ts';
export { ccxtSource, type CcxtTerms } from './ccxt/ccxt-source.ts';
export type { CorporateAction } from './corporate-action.ts';
export type { WebTerms } from './http/web-client.ts';
export { alpacaSource, SIP_DELAY_MS, type AlpacaTerms } from './alpaca/alpaca-source.ts';
export { alphaVantageSource, type AlphaVantageTerms } from './alphavantage/alphavantage-source.ts';
export { finnhubEarnings, type EarningsReport } from './finnhub/earnings.ts';
export type { FinnhubTerms } from './finnhub/finnhub-client.ts';
export { finnhubSource, type FinnhubSourceTerms } from './finnhub/finnhub-source.ts';
export { isTradesOnly } from './trades-only.ts';
export { yahooSource, type YahooTerms } from './yahoo/yahoo-source.ts';
export {
  PRIORITIES,
  unpaced,
  type PacedAnswer,
  type PacedRequest,
  type Pacer,
  type Priority,
} from './pacing/pacer.ts';
export { httpDateMs, retryAfterMs } from './pacing/retry-after.ts';
export type { RetryTerms, RetryWorld } from './resilience/retry.ts';
export { circuit, type Circuit } from './resilience/circuit.ts';
export { failoverSource } from './failover/failover-source.ts';
export { guardedSource, type GuardedSource } from './failover/guarded-source.ts';
export type { BreakerState } from './resilience/breaker.ts';
