import type { FeatureManifest, FeaturePart } from '@aistock/lake';
import type { BarPlaces } from '../../training/thread/training-task.ts';
import type { PeriodRange } from '../plan-build.ts';

/** All that a build needs, whichever thread does it; plain data. */
export interface BuildTask {
  readonly places: BarPlaces;
  readonly stream: string;
  /** What new parts are added to; null to begin one. */
  readonly base: FeatureManifest | null;
  /** Its parts that stand. */
  readonly kept: readonly FeaturePart[];
  /** Every period of the stream, ascending, with the hash of what its bars are made from. */
  readonly periods: readonly (PeriodRange & { readonly inputsSha256: string })[];
  /** What was known by then, Unix ms UTC. */
  readonly asOfMs: number;
}

export interface BuildOutcome {
  readonly bars: number;
  readonly parts: number;
  /** Open time of the last bar that has features, Unix ms UTC. */
  readonly lastOpenMs: number | null;
  /** Why what stood could not be gone on from, so that all was computed anew. */
  readonly damaged: string | null;
}
