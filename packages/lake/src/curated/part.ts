import type { Bar } from '@aistock/market';
import type { Partition } from './part-path.ts';

/** A raw file as the makers of parts need to know it. */
export interface RawFile {
  readonly stream: string;
  readonly sha256: string;
  /** Which source gave its bars; in a chain of sources not always the one that the stream is named after. */
  readonly source: string;
  /** When its bars were learned, Unix ms UTC. */
  readonly knownMs: number;
  /** 0: as first published. Above: restated, or late. */
  readonly revision: number;
}

/** One immutable Parquet file of the curated store, as its catalogue lists it. */
export interface Part extends Partition {
  /** SHA-256 of its bytes. */
  readonly partId: string;
  /** Inside the lake. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Open times of its first and last bar, Unix ms UTC. */
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  /** The highest of its rows. */
  readonly revisionMax: number;
  /** No value of it has more digits after the point. */
  readonly decimals: number;
  /** The raw files that it was made from; its column `raw_file` counts into this list from 0. */
  readonly rawSha256: readonly string[];
}

/** A bar with where it is from. */
export interface StoredBar extends Bar {
  /** Which source gave it. */
  readonly source: string;
  /** When it was learned, Unix ms UTC. */
  readonly knownMs: number;
  readonly revision: number;
}

/** Bars as float64, for models and statistics: row i is one bar, rows ascend by open time. Never for money. */
export interface BarColumns {
  /** Unix ms UTC. */
  readonly openMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}
