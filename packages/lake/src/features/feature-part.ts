import { streamFolder } from '../curated/part-path.ts';

const MONTH = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/;
const PART_ID = /^[0-9a-f]{64}$/;

/** A feature as it was computed. */
export interface StoredFeature {
  readonly name: string;
  readonly version: number;
}

/** One immutable Parquet file of the feature store: the features of the bars of a stream that open in one month, UTC. */
export interface FeaturePart {
  /** Such as `2024-05`. */
  readonly month: string;
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

/** @throws TypeError for anything else than a stream, a month and a SHA-256. */
export function featurePartPath(stream: string, month: string, partId: string): string {
  if (!MONTH.test(month) || !PART_ID.test(partId))
    throw new TypeError('a part of features is named by its stream, its month and the SHA-256 of its bytes');
  return `${featureFolder(stream)}/month=${month}/${partId}.parquet`;
}

/** @throws TypeError for anything else than a stream. */
export function featureFolder(stream: string): string {
  return `features/${streamFolder(stream)}`;
}

/** The month of a time, UTC. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** The first moment of a month, Unix ms UTC. */
export function monthStartMs(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`);
}
