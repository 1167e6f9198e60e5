import { firstFrom, sliceSeries } from '@aistock/trading/bars';
import type { BacktestResult } from '@aistock/trading/backtest';
import { reviewBacktest, type Warning } from '@aistock/trading/review';
import type { ReportedChart, ReportInput } from '../../report/index.ts';
import type { Concluded } from './conclude-run.ts';
import { heldSeries } from './held-series.ts';
import { ordersToWire } from './point-figures.ts';
import { pointSlots } from './point-terms.ts';
import { closeOf, ribbonOf } from './ribbon.ts';
import type { JobStream, RunJob } from './run-job.ts';

/** What holding the first instrument is worth beside each value of the curve: its newest close by then. */
export function benchmarkOf(job: RunJob, { equityMs }: BacktestResult): Float64Array | null {
  const stream = job.streams[0]!;
  const { columns } = stream.bars;
  if (columns.length === 0) return null;
  let index = 0;
  return equityMs.map((atMs) => {
    while (index + 1 < columns.length && closeOf(stream, columns.openMs[index + 1]!) <= atMs) index++;
    return columns.close[index]!;
  });
}

export function reviewOf({ terms, result, told, honesty }: Concluded): readonly Warning[] {
  const { job, segments, study, tried } = terms;
  const { request, streams } = job;
  return reviewBacktest({
    performance: told,
    curve: { atMs: result.equityMs, equity: result.equity },
    calendar: streams[0]!.calendar,
    trades: result.trades,
    fills: result.orders.fills,
    ordersFilled: result.orders.filled + result.orders.exitsFilled,
    staleFills: result.orders.staleFills,
    bars: new Map(
      streams.map(({ instrument, timeframe, calendar, bars }) => [
        instrument,
        { timeframe, calendar, bars: bars.columns },
      ]),
    ),
    params: pointSlots(job, segments[0]!).reduce(
      (count, { params }) => count + Object.keys(params).length,
      0,
    ),
    trials: tried?.count ?? null,
    ...honesty,
    overfitting: study.type === 'sweep' ? (study.overfitting?.probability ?? null) : null,
    limitsSet: request.limits !== null,
    rulesSet: streams.every(({ instrument }) => request.rules[instrument] !== undefined),
    modelInSample: isInSample(job),
    extendedHours: request.orders.extended_hours,
    openAtEnd: result.openAtEnd,
    settled: result.settled,
  });
}

/** Whether a model spoke about bars that it was trained on. */
function isInSample({ request, regimes }: RunJob): boolean {
  return (
    request.allow_in_sample && [...regimes.values()].some(({ trainedToMs }) => trainedToMs > request.from_ms)
  );
}

export function reportInput(concluded: Concluded, warnings: readonly Warning[]): ReportInput {
  const { terms, result, told, honesty, logSha256 } = concluded;
  const { job, segments, study, tried, run } = terms;
  return {
    run: { ...run, decisionLogSha256: logSha256 },
    slots: pointSlots(job, segments[0]!).map(({ id, strategy, streams, params, ...slot }) => ({
      id,
      strategy,
      streams,
      params,
      modelUse: slot.model_use,
      modelId: slot.model_use === 'off' ? null : (slot.model_id ?? null),
    })),
    currency: job.currency,
    calendar: job.streams[0]!.calendar,
    performance: told,
    curve: { atMs: result.equityMs, equity: result.equity },
    charts: job.streams.map((stream) => chartOf(job, stream)),
    trades: result.trades,
    orders: ordersToWire(result),
    denials: result.denials,
    reasons: result.reasons,
    costs: { ...result.costs },
    warnings,
    trials: tried?.count ?? null,
    ...honesty,
    study,
  };
}

function chartOf(job: RunJob, stream: JobStream): ReportedChart {
  const series = heldSeries(job).bars.get(stream.id)!;
  const bars = sliceSeries(series, firstFrom(series, job.request.from_ms), series.length);
  return { stream: stream.id, instrument: stream.instrument, bars, regimes: ribbonOf(job, stream) };
}
