import { TIMEFRAME_MS } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Strategies } from '@aistock/strategy-schemas';
import type { MarketStream } from '../market-stream.ts';
import { BarBudget, loadBars, type BarRange, type BarSource } from './data/bar-source.ts';
import type { ModelSource } from './data/model-source.ts';
import { recursiveWarmUp } from './job/check-recursive.ts';
import { reachOf } from './job/point-terms.ts';
import { progressCell } from './job/progress.ts';
import type { FullRequest, JobStream, RegimeColumns, RunJob } from './job/run-job.ts';
import { shareSeries } from './job/shared-series.ts';
import { sweepGrid } from './studies/sweep-grid.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What data and models come from, and where they are worked on. */
export interface Preparing {
  readonly source: BarSource;
  readonly models: ModelSource;
  readonly strategies: Strategies;
  readonly pool: WorkerPool;
}

export interface PreparedJob {
  readonly job: RunJob;
  /** Of the bars by stream. */
  readonly dataSha256: Readonly<Record<string, string>>;
}

/** Reads everything that a run needs, so that its threads need nothing else. */
export async function prepareJob(
  preparing: Preparing,
  request: FullRequest,
  key: string,
  signal: AbortSignal,
): Promise<PreparedJob> {
  const ids = [...new Set(request.slots.flatMap(({ streams }) => streams))];
  const found = await Promise.all(ids.map((id) => preparing.source.find(id)));
  checkStreams(request, found);
  const dataSha256: Record<string, string> = {};
  const budget = new BarBudget();
  const streams: JobStream[] = [];
  for (const stream of found)
    streams.push(await jobStream(preparing, request, stream, { dataSha256, budget }));
  const job: RunJob = {
    key,
    request,
    currency: currencyOf(found),
    streams,
    regimes: await regimesOf(preparing, request, { found, budget, signal }),
    progress: progressCell(),
  };
  return { job, dataSha256 };
}

/** What prices are in: the quote currency, and dollars where an instrument names none. */
function currencyOf(streams: readonly MarketStream[]): string {
  const currencies = new Set(streams.map(({ instrument }) => instrument.split(/[/:]/)[1] ?? 'USD'));
  if (currencies.size === 1) return [...currencies][0]!;
  throw new ServiceError(
    'currencies_differ',
    422,
    `one account has one currency, but the instruments are priced in ${[...currencies].join(', ')}`,
    { fields: [{ field: 'slots', message: 'must trade instruments of one quote currency' }] },
  );
}

/** @throws ServiceError `timeframes_differ`: the legs of a slot decide together. */
function checkStreams({ slots }: FullRequest, found: readonly MarketStream[]): void {
  const timeframes = new Map(found.map(({ id, timeframe }) => [id, timeframe]));
  for (const { id, streams } of slots) {
    const different = new Set(streams.map((stream) => timeframes.get(stream)));
    if (different.size === 1) continue;
    throw new ServiceError('timeframes_differ', 422, `the streams of slot ${id} are not of one timeframe`, {
      fields: [{ field: 'slots', message: 'must each have streams of one timeframe' }],
    });
  }
}

/** Bars before the first that is traded, so that any combination can decide at once. */
function warmUpBars({ slots, sizing, study, ...rest }: FullRequest, strategies: Strategies): number {
  const [first] = slots;
  const tried = sweepGrid({ slots, sizing, study, ...rest }, strategies).map((params) => ({
    ...first!,
    params,
  }));
  const reach = reachOf([...slots, ...tried], sizing);
  return study.type === 'recursive' ? recursiveWarmUp(reach) : reach;
}

interface Loading {
  readonly dataSha256: Record<string, string>;
  readonly budget: BarBudget;
}

async function jobStream(
  { source, strategies }: Preparing,
  request: FullRequest,
  stream: MarketStream,
  { dataSha256, budget }: Loading,
): Promise<JobStream> {
  const { from_ms: fromMs, to_ms: toMs } = request;
  const range = { warmUpBars: warmUpBars(request, strategies), fromMs, toMs };
  const { series, sha256 } = await loadBars(source, stream, range, budget);
  dataSha256[stream.id] = sha256;
  const detail = await detailOf(source, request, stream, { range, dataSha256, budget });
  const { id, instrument, timeframe, calendar } = stream;
  const bars = shareSeries(series);
  return { id, instrument, timeframe, calendar, bars, detail };
}

/** @throws ServiceError `detail_unfit` for a stream that is not a finer one of the same instrument. */
async function detailOf(
  source: BarSource,
  request: FullRequest,
  stream: MarketStream,
  { range, dataSha256, budget }: Loading & { readonly range: BarRange },
): Promise<JobStream['detail']> {
  const id = request.detail[stream.id];
  if (id === undefined) return null;
  const finer = await source.find(id);
  if (
    finer.instrument !== stream.instrument ||
    TIMEFRAME_MS[finer.timeframe] >= TIMEFRAME_MS[stream.timeframe]
  )
    throw new ServiceError('detail_unfit', 422, `${id} has no finer bars of ${stream.instrument}`, {
      fields: [{ field: 'detail', message: 'must be a stream of the same instrument and of shorter bars' }],
    });
  const { series, sha256 } = await loadBars(source, finer, { ...range, warmUpBars: 0 }, budget);
  dataSha256[id] = sha256;
  return { timeframe: finer.timeframe, bars: shareSeries(series) };
}

interface Modelling {
  readonly found: readonly MarketStream[];
  readonly budget: BarBudget;
  readonly signal: AbortSignal;
}

async function regimesOf(
  { source, models, pool }: Preparing,
  request: FullRequest,
  { found, budget, signal }: Modelling,
): Promise<Map<string, RegimeColumns>> {
  const regimes = new Map<string, RegimeColumns>();
  for (const slot of request.slots) {
    if (slot.model_id === undefined || slot.model_use === 'off') continue;
    const stream = found.find(({ id }) => id === slot.streams[0])!;
    const { filterFromMs, ...model } = await models.find(slot.model_id, stream);
    const range = { warmUpBars: 0, fromMs: filterFromMs, toMs: request.to_ms };
    const { series } = await loadBars(source, stream, range, budget);
    regimes.set(slot.id, await pool.run('regimes', { ...model, bars: shareSeries(series) }, signal));
  }
  return regimes;
}
