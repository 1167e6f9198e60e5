import { periodBounds, periodOf, type FeatureManifest, type FeaturePart } from '@aistock/lake';
import type { Timeframe } from '@aistock/market';
import type { FeatureRef } from '@aistock/models';
import { streamParts } from '../stream-parts.ts';

/** The bars of a stream that open in one period, from its start up to a time, both open times in Unix ms UTC. */
export interface PeriodRange {
  readonly period: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Periods from the one of the first bar to that of the last one, which ends with it. */
export function periodsOf(firstOpenMs: number, lastOpenMs: number, timeframe: Timeframe): PeriodRange[] {
  const periods: PeriodRange[] = [];
  for (let fromMs = firstOpenMs; fromMs <= lastOpenMs;) {
    const period = periodOf(fromMs, timeframe);
    const bounds = periodBounds(period);
    periods.push({ period, fromMs: bounds.fromMs, toMs: Math.min(lastOpenMs, bounds.toMs - 1) });
    fromMs = bounds.toMs;
  }
  return periods;
}

/** What each part was made from: of a period that had not ended, its bars up to the last one. */
export function rangesOf({ stream, parts }: Pick<FeatureManifest, 'stream' | 'parts'>): PeriodRange[] {
  const last = parts.at(-1);
  return last ? periodsOf(parts[0]!.firstOpenMs, last.lastOpenMs, streamParts(stream).timeframe) : [];
}

export interface StreamNow {
  readonly features: readonly FeatureRef[];
  /** Open time of the first bar of the stream. */
  readonly firstOpenMs: number;
  /** By period, of {@link rangesOf}: what the parts would be made from now. */
  readonly inputs: ReadonlyMap<string, string>;
}

export interface Standing {
  /** What new parts are added to; undefined where nothing is there, or other features than now. */
  readonly base: FeatureManifest | undefined;
  /** The parts that still say what they would say now, from the first one on. */
  readonly kept: readonly FeaturePart[];
  /** The first period that does not. */
  readonly staleFrom: string | null;
}

/** Which parts stand: those before the first whose bars are others now, where features and first bar are still the same. */
export function standing(manifest: FeatureManifest | undefined, now: StreamNow): Standing {
  const [first] = manifest?.parts ?? [];
  if (!manifest || !first) return { base: manifest, kept: [], staleFrom: null };
  const { parts } = manifest;
  if (namesOf(manifest.features) !== namesOf(now.features))
    return { base: undefined, kept: [], staleFrom: first.period };
  const beginsEarlier = now.firstOpenMs < periodBounds(first.period).fromMs;
  const stale = parts.findIndex(
    ({ period, inputsSha256 }, index) =>
      beginsEarlier || inputsUpTo(now.inputs, parts[index - 1]?.period, period) !== inputsSha256,
  );
  if (stale < 0) return { base: manifest, kept: parts, staleFrom: null };
  return { base: manifest, kept: parts.slice(0, stale), staleFrom: parts[stale]!.period };
}

/**
 * What a part is made from beyond the one before it: the hash of its period, and those of the periods in between that had files
 * and no bars, as bars may come into them later. Undefined where its own period has no files.
 */
export function inputsUpTo(
  inputs: ReadonlyMap<string, string>,
  after: string | undefined,
  period: string,
): string | undefined {
  if (!inputs.has(period)) return undefined;
  const between = [...inputs.keys()].filter((each) => each > (after ?? '') && each <= period).toSorted();
  return between.map((each) => inputs.get(each)).join();
}

const namesOf = (features: readonly FeatureRef[]): string =>
  features.map(({ name, version }) => `${name}:${version}`).join();
