import { sliceSeries } from '@aistock/trading/bars';
import { chanceAt, pickAt } from '@aistock/shared';
import type { BacktestSeries, BacktestTerms } from '@aistock/trading/backtest';
import { closeMs } from '@aistock/market';
import { firstDifference, noiseAfter } from '@aistock/trading/studies';
import { toDifference, type CheckResult, type LoggedRun } from './logged-run.ts';
import { closedBy } from './point-terms.ts';

const TIME_LANE = 31;
const NOISE_LANE = 32;
/** The check ends with so many differences: the first says enough. */
const DIFFERENCES_MAX = 10;

export interface LookaheadTerms {
  /** At how many times the data is cut. */
  readonly times: number;
  readonly seed: number;
}

/**
 * Whether decisions depend on what came after them: at random times the data behind is cut off, and replaced by noise, and
 * the log up to there must stay as it was, byte for byte.
 */
export function checkLookahead(
  terms: BacktestTerms,
  { times, seed }: LookaheadTerms,
  run: LoggedRun,
): CheckResult {
  const whole = run(terms);
  const differences: CheckResult['differences'] = [];
  let lines = 0;
  let variants = 0;
  for (const [index, atMs] of randomCloses(terms, times, seed).entries()) {
    const cut = run(withSeries(terms, (series, stream) => upTo(series, stream, atMs)));
    const random = noiseSource(seed, index);
    const noisy = run(withSeries(terms, (series, stream) => replacedAfter(series, stream, { atMs, random })));
    for (const [variant, actual] of [
      ['cut', cut],
      ['noise', noisy],
    ] as const) {
      const found = firstDifference(whole, actual, cut.length);
      if (found) differences.push(toDifference(variant, atMs, found));
      lines += cut.length;
      variants++;
    }
    if (differences.length >= DIFFERENCES_MAX) break;
  }
  return { type: 'lookahead', passed: differences.length === 0, variants, lines, differences };
}

type StreamOf = BacktestTerms['setup']['streams'][number];

/** Closes of bars that are traded, different ones, ascending. */
function randomCloses({ setup, series }: BacktestTerms, times: number, seed: number): number[] {
  const stream = primaryOf(setup);
  const { series: bars, warmUp } = series.get(stream.id)!;
  const traded = bars.length - warmUp;
  const picked = Array.from({ length: traded < 2 ? 0 : times }, (_, n) =>
    pickAt(traded - 1, seed, TIME_LANE, n),
  );
  return [...new Set(picked)]
    .toSorted((a, b) => a - b)
    .map((index) => closeMs(bars.openMs[warmUp + index]!, stream.timeframe, stream.calendar));
}

function primaryOf({ slots, streams }: BacktestTerms['setup']): StreamOf {
  return streams.find(({ id }) => id === slots[0]?.streams[0])!;
}

function withSeries(
  terms: BacktestTerms,
  change: (series: BacktestSeries, stream: StreamOf) => BacktestSeries,
): BacktestTerms {
  const changed = terms.setup.streams.map((stream) => [
    stream.id,
    change(terms.series.get(stream.id)!, stream),
  ]);
  return { ...terms, series: new Map(changed as [string, BacktestSeries][]) };
}

function upTo(held: BacktestSeries, stream: StreamOf, atMs: number): BacktestSeries {
  const end = closedBy(held.series, stream, atMs);
  return { ...held, series: sliceSeries(held.series, 0, end), warmUp: Math.min(held.warmUp, end) };
}

function replacedAfter(
  held: BacktestSeries,
  stream: StreamOf,
  { atMs, random }: { readonly atMs: number; readonly random: () => number },
): BacktestSeries {
  const end = closedBy(held.series, stream, atMs);
  if (end === held.series.length || end === 0) return held;
  const { detail: _ofOtherBars, ...rest } = held;
  return { ...rest, series: noiseAfter(held.series, held.series.openMs[end]!, random) };
}

function noiseSource(seed: number, variant: number): () => number {
  let draws = 0;
  return () => chanceAt(seed, NOISE_LANE + variant, draws++);
}
