import type { Db } from '@aistock/database';
import { FeatureStore, LakeFileError, type FeatureManifest, type LakeFiles } from '@aistock/lake';
import { findFirst, findWatermark } from '@aistock/ledger';
import { withStreamLock, type Clock, type Logger, type StopHook } from '@aistock/service-kit';
import type { FeatureBuild } from '@aistock/shared';
import { runInThread } from '../run-in-thread.ts';
import { streamParts } from '../stream-parts.ts';
import { createTurns } from '../turns.ts';
import type { BarPlaces } from '../training/thread/training-task.ts';
import { inputHashes } from './input-hashes.ts';
import { periodsOf, type Standing } from './plan-build.ts';
import { standingNow } from './stream-now.ts';
import type { BuildOutcome, BuildTask } from './thread/build-task.ts';

/** One build after the other: each takes a core. */
const ONE_AT_A_TIME = 'build';
const WORKER = new URL('./thread/build-worker.ts', import.meta.url);

export interface BuilderContext {
  readonly db: Db;
  readonly lake: LakeFiles;
  readonly places: BarPlaces;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface BuildOptions {
  /** Read what is there from storage first; what is damaged, and all after it, is computed anew. */
  readonly verify?: boolean | undefined;
}

export interface FeatureBuilder {
  /**
   * Computes the features of a stream's new bars, and anew those of restated bars and all after them.
   * @throws ServiceError `stream_busy` where another process builds them for too long.
   */
  build(stream: string, options?: BuildOptions): Promise<FeatureBuild>;
  readonly stopHook: StopHook;
}

export function createFeatureBuilder(context: BuilderContext): FeatureBuilder {
  const { db } = context;
  const turns = createTurns();
  const stopping = new AbortController();
  return {
    build: (stream, { verify = false } = {}) =>
      turns.run(ONE_AT_A_TIME, async () => {
        stopping.signal.throwIfAborted();
        return withStreamLock(db, { stream, of: 'features' }, () =>
          buildStream(context, { stream, verify }, stopping.signal),
        );
      }),
    stopHook: {
      name: 'features',
      run: async () => {
        stopping.abort(new Error('the service stops'));
        await turns.idle();
      },
    },
  };
}

/** What is there is looked at before bars are read, so that a file that comes in between makes a part stale and not wrong. */
async function buildStream(
  { db, lake, places, clock, logger }: BuilderContext,
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
  const ranges = periodsOf(firstMs, lastMs, streamParts(stream).timeframe);
  const hashes = await inputHashes(db, stream, ranges);
  const periods = ranges.map((range) => ({ ...range, inputsSha256: hashes.get(range.period) ?? '' }));
  await store.removeUnnamed(stream, manifest);
  const task: BuildTask = { places, stream, base: base ?? null, kept, periods, asOfMs: clock.nowMs() };
  const { bars, parts, lastOpenMs, damaged } = await runInThread<BuildOutcome>(WORKER, task, { signal });
  if (damaged !== null) logger.warn('features were computed anew', { stream, why: damaged });
  return { ...found, status: 'built', bars, parts, last_open_ms: lastOpenMs };
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
