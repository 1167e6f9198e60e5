import type { Comparison } from '../ingest-proof/compare.ts';
import type { Sample } from './sample.ts';
import { barsPerStream, type SoakTerms } from './soak-terms.ts';

/**
 * Memory is flat where it grows by less than this, by the least-squares line through the second half. Caches with a bound
 * still fill for a quarter of an hour, by about 1; what is kept of each bar, even a kilobyte of it, grows by 3.
 */
const GROWTH_MAX_MIB_PER_MINUTE = 2;
/** Bars that a stream may be behind, which is as many seconds. */
const BEHIND_MAX_BARS = 30;
const SECONDS_PER_MINUTE = 60;

/** What came of one stream. */
export interface StreamOutcome extends Comparison {
  readonly stream: string;
  readonly gaps: number;
}

/** How a quantity went through the soak, in its own unit; the start is after the warm-up. */
export interface Course {
  readonly start: number;
  readonly end: number;
  /** Of the least-squares line through the second half. */
  readonly perMinute: number;
}

export interface SoakVerdict {
  readonly bars: { readonly expected: number; readonly held: number };
  readonly residentMib: Course;
  readonly heapMib: Course;
  readonly postgresMib: Course | null;
  readonly flat: { readonly isFlat: boolean; readonly maxMibPerMinute: number };
  readonly barsBehindMax: number;
  readonly descriptors: { readonly start: number | null; readonly end: number | null };
  readonly lakeFiles: number;
  /** What was promised and not kept, in words; none where all is well. */
  readonly faults: readonly string[];
}

/** @param samples - in order, the first of them after the warm-up; at least four. */
export function judgeSoak(
  terms: SoakTerms,
  samples: readonly Sample[],
  outcomes: readonly StreamOutcome[],
): SoakVerdict {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const expected = terms.streams * barsPerStream(terms);
  const secondHalf = samples.slice(Math.floor(samples.length / 2));
  const residentMib = courseOf(samples, ({ residentMib: value }) => value);
  const barsBehindMax = Math.max(...secondHalf.map(({ barsBehind }) => barsBehind));
  const isFlat = residentMib.perMinute < GROWTH_MAX_MIB_PER_MINUTE;
  const faults = outcomes.flatMap((outcome) => streamFaults(outcome, barsPerStream(terms)));
  if (last.bars !== expected) faults.push(`${last.bars} bars are held, not ${expected}`);
  if (!isFlat)
    faults.push(
      `memory grows by ${residentMib.perMinute} MiB a minute, more than ${GROWTH_MAX_MIB_PER_MINUTE}`,
    );
  if (barsBehindMax > BEHIND_MAX_BARS)
    faults.push(`a stream was ${barsBehindMax} bars behind, more than ${BEHIND_MAX_BARS}`);
  return {
    bars: { expected, held: last.bars },
    residentMib,
    heapMib: courseOf(samples, ({ heapMib }) => heapMib),
    postgresMib: last.postgresMib === null ? null : courseOf(samples, ({ postgresMib }) => postgresMib ?? 0),
    flat: { isFlat, maxMibPerMinute: GROWTH_MAX_MIB_PER_MINUTE },
    barsBehindMax,
    descriptors: { start: first.descriptors, end: last.descriptors },
    lakeFiles: last.lakeFiles,
    faults,
  };
}

function streamFaults(
  { stream, compared, different, examples, gaps }: StreamOutcome,
  bars: number,
): string[] {
  const faults: string[] = [];
  if (different > 0) faults.push(`${stream}: ${different} bars are not the truth: ${examples.join('; ')}`);
  if (compared !== bars) faults.push(`${stream}: ${compared} bars were compared, not ${bars}`);
  if (gaps > 0) faults.push(`${stream}: ${gaps} gaps`);
  return faults;
}

function courseOf(samples: readonly Sample[], valueOf: (sample: Sample) => number): Course {
  const secondHalf = samples.slice(Math.floor(samples.length / 2));
  return {
    start: valueOf(samples[0]!),
    end: valueOf(samples.at(-1)!),
    perMinute: rounded(slope(secondHalf.map((sample) => [sample.atS, valueOf(sample)])) * SECONDS_PER_MINUTE),
  };
}

/** Of the least-squares line through points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const [sxy, sxx] = points.reduce(
    ([xy, xx], [x, y]) => [xy + (x - meanX) * (y - meanY), xx + (x - meanX) ** 2],
    [0, 0],
  );
  return sxy / sxx;
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
