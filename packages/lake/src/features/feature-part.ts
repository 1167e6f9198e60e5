import type { Timeframe } from '@aistock/market';
import { streamFolder } from '../curated/part-path.ts';

const PERIOD = /^[1-9]\d{3}(-(0[1-9]|1[0-2]))?$/;
const YEAR_LENGTH = 4;
const MONTH_LENGTH = 7;
/** A month of these has thousands of bars; of all others a year has about as many. */
const BY_MONTH: ReadonlySet<Timeframe> = new Set(['1m', '5m']);
const PART_ID = /^[0-9a-f]{64}$/;

/** A feature as it was computed. */
export interface StoredFeature {
  readonly name: string;
  readonly version: number;
}

/** One immutable Parquet file of the feature store: the features of the bars of a stream that open in one period, UTC. */
export interface FeaturePart {
  /** A month such as `2024-05`, or a year. */
  readonly period: string;
  /** SHA-256 of its bytes. */
  readonly partId: string;
  /** Inside the lake. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Open times of its first and last bar, Unix ms UTC. */
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  /** What its bars were made from, as the writer tells: where this changes, the part and all after it are stale. */
  readonly inputsSha256: string;
  /** When the last restated or late bar of the stream up to its end was learned, Unix ms UTC; 0 where all are as first published. */
  readonly revisedMs: number;
}

/** @throws TypeError for anything else than a stream, a period and a SHA-256. */
export function featurePartPath(stream: string, period: string, partId: string): string {
  if (!PERIOD.test(period) || !PART_ID.test(partId))
    throw new TypeError('a part of features is named by its stream, its period and the SHA-256 of its bytes');
  const key = period.length === YEAR_LENGTH ? 'year' : 'month';
  return `${featureFolder(stream)}/${key}=${period}/${partId}.parquet`;
}

/** @throws TypeError for anything else than a stream. */
export function featureFolder(stream: string): string {
  return `features/${streamFolder(stream)}`;
}

/** The period of a bar that opens at a time, UTC: its month where bars are short, else its year. */
export function periodOf(openMs: number, timeframe: Timeframe): string {
  return new Date(openMs).toISOString().slice(0, BY_MONTH.has(timeframe) ? MONTH_LENGTH : YEAR_LENGTH);
}

/** The first moment of a period, and of the next one, Unix ms UTC. */
export function periodBounds(period: string): { readonly fromMs: number; readonly toMs: number } {
  const [year, month] = period.split('-').map(Number);
  return month === undefined
    ? { fromMs: Date.UTC(year!), toMs: Date.UTC(year! + 1) }
    : { fromMs: Date.UTC(year!, month - 1), toMs: Date.UTC(year!, month) };
}
