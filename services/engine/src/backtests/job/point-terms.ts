import { closeMs, TIMEFRAME_MS } from '@aistock/market';
import { chanceAt, type CostModel } from '@aistock/shared';
import { SCENARIOS } from '@aistock/trading/scenarios';
import { firstFrom, sliceSeries, type BarSeries } from '@aistock/trading/bars';
import type { BacktestSeries, BacktestTerms } from '@aistock/trading/backtest';
import { STRATEGIES } from '@aistock/trading/strategies';
import { answersOf } from './answers.ts';
import type { JobSlot, JobStream, Point, RunJob } from './run-job.ts';
import { setupOf } from './setup-of.ts';

const SCENARIO_LANE = 30;
/** The series of a job by stream id. */
export interface JobSeries {
  readonly bars: ReadonlyMap<string, BarSeries>;
  readonly detail: ReadonlyMap<string, NonNullable<BacktestSeries['detail']>>;
}

export interface PointWatch {
  readonly record: ((line: string) => void) | null;
  readonly progress?: (share: number) => void;
}

/** The slots of a job as a point has them: with its parameters for the first one. */
export function pointSlots({ request }: RunJob, point: Point): JobSlot[] {
  return request.slots.map((slot, index) =>
    index === 0 && point.params ? { ...slot, params: { ...point.params } } : slot,
  );
}

/** What is run for one point of a study. */
export function pointTerms(job: RunJob, series: JobSeries, point: Point, watch: PointWatch): BacktestTerms {
  const slots = pointSlots(job, point);
  const fromMs = point.fromMs ?? job.request.from_ms;
  const stressed = underScenario(job, series, point, fromMs);
  const reach = reachOf(slots, job.request.sizing);
  const window = { fromMs, toMs: point.toMs ?? job.request.to_ms, reach };
  return {
    setup: setupOf(job, slots),
    series: new Map(
      job.streams.map((stream) => [stream.id, windowOf(job, stream, { series, stressed, window })]),
    ),
    costs: stressed.costs,
    answers: answersOf(slots, job, stressed.series),
    untilMs: window.toMs,
    // A fold has to say what it earned, and not what the next one would have.
    settleAtEnd: job.request.study.type === 'walk_forward',
    ...watch,
  };
}

/** How many bars a decision depends on: what the slots look back on, and what sizes are measured over. */
export function reachOf(
  slots: readonly Parameters<typeof lookbackOf>[0][],
  { volatility_bars: volatilityBars }: RunJob['request']['sizing'],
): number {
  return Math.max(...slots.map((slot) => lookbackOf(slot)), volatilityBars + 1);
}

/** How many bars a slot looks back on. */
function lookbackOf(slot: Pick<JobSlot, 'strategy' | 'params' | 'conservative_params'>): number {
  const strategy = STRATEGIES.get(slot.strategy);
  if (!strategy) throw new TypeError(`there is no strategy ${slot.strategy}`);
  return Math.max(
    ...[slot.params, slot.conservative_params].map((params) =>
      strategy.lookbackBars(strategy.schema.parse(params)),
    ),
  );
}

interface Stressed {
  readonly series: ReadonlyMap<string, BarSeries>;
  readonly costs: CostModel;
}

function underScenario(job: RunJob, series: JobSeries, point: Point, fromMs: number): Stressed {
  const { costs, seed } = job.request;
  if (point.scenario === undefined) return { series: series.bars, costs };
  const scenario = SCENARIOS.get(point.scenario);
  if (!scenario) throw new TypeError(`there is no scenario ${point.scenario}`);
  let draws = 0;
  const random = () => chanceAt(seed, SCENARIO_LANE, draws++);
  const barMs = TIMEFRAME_MS[job.streams[0]!.timeframe];
  return scenario.apply({ series: series.bars, costs, barMs, fromMs, random });
}

interface Cut {
  readonly series: JobSeries;
  readonly stressed: Stressed;
  readonly window: { readonly fromMs: number; readonly toMs: number; readonly reach: number };
}

/** The part of a stream that a point sees: what it warms up with, and what it trades. */
function windowOf(job: RunJob, stream: JobStream, { series, stressed, window }: Cut): BacktestSeries {
  const bars = stressed.series.get(stream.id)!;
  const first = firstFrom(bars, window.fromMs);
  const end = closedBy(bars, stream, window.toMs);
  const start = warmUpFrom(first, window.reach, job);
  const detail = detailOf(series, stream, stressed);
  const funding = job.request.funding[stream.instrument];
  return {
    series: sliceSeries(bars, start, Math.max(end, first)),
    warmUp: first - start,
    ...(detail && { detail }),
    ...(funding && { funding }),
  };
}

/** Finer bars say what came first inside a bar; of bars that a scenario changed they say nothing. */
function detailOf(series: JobSeries, { id }: JobStream, stressed: Stressed): BacktestSeries['detail'] {
  return stressed.series === series.bars ? series.detail.get(id) : undefined;
}

/** All that is there where the whole period is run; as much as is looked back on where a part of it is. */
function warmUpFrom(first: number, reach: number, job: RunJob): number {
  return job.request.study.type === 'walk_forward' ? Math.max(0, first - reach) : 0;
}

/** How many bars had closed by this time; a day's bar of a short session closes early. */
export function closedBy(
  bars: BarSeries,
  { timeframe, calendar }: Pick<JobStream, 'timeframe' | 'calendar'>,
  ms: number,
): number {
  let count = firstFrom(bars, ms - TIMEFRAME_MS[timeframe] + 1);
  while (count < bars.length && closeMs(bars.openMs[count]!, timeframe, calendar) <= ms) count++;
  return count;
}
