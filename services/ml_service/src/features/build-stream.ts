import type { Db } from '@aistock/database';
import {
  FeatureStore,
  LakeFileError,
  type FeatureManifest,
  type FeaturePart,
  type LakeFiles,
} from '@aistock/lake';
import { findFirst, findWatermark } from '@aistock/ledger';
import type { Logger } from '@aistock/service-kit';
import type { FeatureBuild } from '@aistock/shared';
import { runInThread } from '../run-in-thread.ts';
import { streamParts } from '../stream-parts.ts';
import type { BarPlaces } from '../training/thread/training-task.ts';
import { inputHashes } from './input-hashes.ts';
import { periodsOf, type Standing } from './plan-build.ts';
import { standingNow } from './stream-now.ts';
import type { ComputedPeriod, ComputeTask } from './thread/compute-task.ts';
import { buildStart, PeriodWriter, type BuildStart, type Written } from './write-build.ts';

const WORKER = new URL('./thread/compute-worker.ts', import.meta.url);

export interface BuildContext {
  readonly db: Db;
  readonly lake: LakeFiles;
  /** Where the thread reads bars from. */
  readonly ingester: BarPlaces['ingester'];
  readonly logger: Logger;
}

/**
 * Brings the features of a stream up to date.
 *
 * What is there is looked at before bars are read, so that a file that comes in between makes a part stale and not
 * wrong.
 */
export async function buildStream(
  { db, lake, ingester, logger }: BuildContext,
  { stream, verify }: { readonly stream: string; readonly verify: boolean },
  signal: AbortSignal,
): Promise<FeatureBuild> {
  const store = new FeatureStore(lake);
  const [firstMs, lastMs] = [await findFirst(db, stream), await findWatermark(db, stream)];
  if (firstMs === null || lastMs === null)
    return { stream, status: 'no_bars', bars: 0, parts: 0, stale_from: null, last_open_ms: null };
  const manifest = await readManifest(store, stream, logger);
  const { base, ...now } = await standingNow(db, stream, manifest);
  const { kept, staleFrom } = verify ? await wholeOf(store, now) : now;
  const found = { stream, stale_from: staleFrom };
  if (staleFrom === null && kept.at(-1)?.lastOpenMs === lastMs)
    return { ...found, status: 'up_to_date', bars: 0, parts: 0, last_open_ms: lastMs };
  await store.removeUnnamed(stream, manifest);
  const periods = periodsOf(firstMs, lastMs, streamParts(stream).timeframe);
  const inputs = await inputHashes(db, stream, periods);
  const start = await soundStart(store, kept, logger);
  const from = start.last?.part.period ?? '';
  const task: ComputeTask = {
    ingester,
    stream,
    frame: start.frame,
    periods: periods.filter(({ period }) => period >= from),
  };
  const written = await computeAndWrite(
    task,
    new PeriodWriter({ store, stream, base, inputs }, start),
    signal,
  );
  const { bars, parts, lastOpenMs } = written;
  return { ...found, status: 'built', bars, parts, last_open_ms: lastOpenMs };
}

/**
 * Computes in a thread of its own and writes here: a thread that is ended while DuckDB works in it takes the process along.
 */
async function computeAndWrite(
  task: ComputeTask,
  writer: PeriodWriter,
  signal: AbortSignal,
): Promise<Written> {
  const failed = new AbortController();
  const told = (computed: ComputedPeriod): void => writer.add(computed, (error) => failed.abort(error));
  try {
    await runInThread(WORKER, task, { signal: AbortSignal.any([signal, failed.signal]), told });
    return await writer.finish();
  } catch (error) {
    // What was told is written before anybody else may write; the first error is the one to tell.
    await writer.finish().catch(() => undefined);
    throw error;
  }
}

/** What is damaged is computed again from the first bar. */
async function soundStart(
  store: FeatureStore,
  kept: readonly FeaturePart[],
  logger: Logger,
): Promise<BuildStart> {
  try {
    return await buildStart(store, kept);
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    logger.warn('features are damaged; all of the stream are computed anew', { error });
    return buildStart(store, []);
  }
}

type Sound = Pick<Standing, 'kept' | 'staleFrom'>;

/** What of the parts that stand is as it was written. */
async function wholeOf(store: FeatureStore, { kept, staleFrom }: Sound): Promise<Sound> {
  const damaged = await store.findDamaged(kept);
  if (!damaged) return { kept, staleFrom };
  return { kept: kept.slice(0, kept.indexOf(damaged)), staleFrom: damaged.period };
}

/** One that cannot be read is as none: all of it can be computed again. */
async function readManifest(
  store: FeatureStore,
  stream: string,
  logger: Logger,
): Promise<FeatureManifest | undefined> {
  try {
    return await store.manifest(stream);
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    logger.warn('a manifest of features is damaged; all are computed anew', { stream, error });
    return undefined;
  }
}
