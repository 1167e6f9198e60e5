export {
  SourceError,
  type BarRequest,
  type BarSource,
  type FetchedBars,
  type Provenance,
  type SourceErrorCode,
} from './bar-source.ts';
export { csvSource, csvSourcesIn, type CsvPlace, type CsvSource, type CsvTerms } from './csv/csv-source.ts';
export { ccxtSource, type CcxtTerms } from './ccxt/ccxt-source.ts';
