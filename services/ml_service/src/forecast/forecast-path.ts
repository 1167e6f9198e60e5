import { extendFrame, featuresOf, startFrame, type Feature, type FrameState } from '@aistock/features';
import type { PriceBar, Timeframe } from '@aistock/market';
import { algorithmNamed, type Follower } from '@aistock/models';
import type { ForecastModel } from './forecast-artefact.ts';

/** Answers that are kept; of earlier bars nothing is told any more. */
const ANSWERS_MAX = 100_000;

/** What a model tells of a stream, bar after bar since the model's first one: constant work a bar, in bounded memory. */
export interface ForecastPath {
  readonly follower: Follower;
  readonly features: readonly Feature[];
  readonly frame: FrameState;
  /** Of the bars that have an answer, ascending. */
  readonly openMs: number[];
  /** In the order of the follower's names, at each of them. */
  readonly values: Float64Array[];
}

/** @throws FeatureError for a feature that is not computed here, ModelError for an artefact that is none. */
export function startPath({ algorithm, artefact }: ForecastModel, timeframe: Timeframe): ForecastPath {
  const follower = algorithmNamed(algorithm).follow(artefact);
  const features = featuresOf(follower.reads);
  return { follower, features, frame: startFrame(features, timeframe), openMs: [], values: [] };
}

/** Goes on over bars; those that were seen already are left out. */
export function extendPath(
  path: ForecastPath,
  bars: readonly PriceBar[],
  answersMax: number = ANSWERS_MAX,
): void {
  const { follower, features, frame, openMs, values } = path;
  const fresh = bars.filter((bar) => bar.openMs > (frame.lastOpenMs ?? -Infinity));
  const columns = extendFrame(features, frame, fresh);
  for (const [at, bar] of fresh.entries()) {
    const row = Float64Array.from(columns, (column) => column[at]!);
    openMs.push(bar.openMs);
    values.push(follower.step(row, Number.NaN).values);
  }
  const extra = openMs.length - answersMax;
  if (extra <= 0) return;
  openMs.splice(0, extra);
  values.splice(0, extra);
}

export interface ToldBar {
  readonly openMs: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What was told at a bar, by name; values that are not known are left out. */
export const toldAt = ({ follower, openMs, values }: ForecastPath, at: number): ToldBar => ({
  openMs: openMs[at]!,
  values: Object.fromEntries(
    follower.tells.flatMap((name, index) => {
      const value = values[at]![index]!;
      return Number.isFinite(value) ? [[name, value]] : [];
    }),
  ),
});
