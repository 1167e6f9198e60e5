import type { FrameState } from '@aistock/features';
import type { FeatureRows } from '@aistock/lake';
import type { BarPlaces } from '../../training/thread/training-task.ts';
import type { PeriodRange } from '../plan-build.ts';

/** All that it takes to compute the features of new bars, whichever thread does it; plain data. */
export interface ComputeTask {
  readonly ingester: BarPlaces['ingester'];
  readonly stream: string;
  /** After the last bar that has its features; null at the beginning of the stream. */
  readonly frame: FrameState | null;
  /** The periods that may have more bars, ascending. */
  readonly periods: readonly PeriodRange[];
}

/** The new bars of a period with their features. */
export interface ComputedPeriod {
  readonly period: string;
  readonly rows: FeatureRows;
  /** When the last restated or late one of them was learned, Unix ms UTC; 0 where all are as first published. */
  readonly revisedMs: number;
  /** Where the features stand after the last one, as JSON. */
  readonly state: string;
}
