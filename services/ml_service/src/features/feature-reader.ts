import type { Db } from '@aistock/database';
import { FEATURES } from '@aistock/features';
import {
  FeatureStore,
  LakeFileError,
  partsAsOf,
  type FeatureManifest,
  type FeaturePart,
  type LakeFiles,
} from '@aistock/lake';
import { closeMs, type Timeframe } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { featureRoutes, Output } from '@aistock/shared';
import { streamParts } from '../stream-parts.ts';
import { standingNow, streamsWithBars } from './stream-now.ts';

const ROWS_DEFAULT = 1_000;
/** A build may replace the files that a reader was about to open, once. */
const READS_MAX = 2;

export interface FeatureQuestion {
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly source: string | undefined;
  readonly names: readonly string[] | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly asOfMs: number;
  readonly limit: number | undefined;
}

type FeatureValues = Output<typeof featureRoutes.featureValues>;

/**
 * Features as they are in the store, as of a time. Parts whose bars have changed since are not told of.
 * @throws ServiceError `stream_unknown`, `ambiguous_stream`, `feature_unknown`, `features_not_built` or `features_damaged`.
 */
export async function readFeatures(
  { db, lake }: { readonly db: Db; readonly lake: LakeFiles },
  question: FeatureQuestion,
): Promise<FeatureValues> {
  const names = question.names ?? FEATURES.map(({ name }) => name);
  assertKnown(names);
  const stream = await findStream(db, question);
  const store = new FeatureStore(lake);
  for (let read = 1; ; read++) {
    try {
      const { base, kept } = await standingNow(db, stream, await store.manifest(stream));
      if (!base) throw notBuilt(stream);
      return await answer(
        store,
        { manifest: base, parts: soundParts(base, kept, question.asOfMs) },
        { ...question, names },
      );
    } catch (error) {
      if (!(error instanceof LakeFileError)) throw error;
      if (error.kind !== 'missing' || read === READS_MAX) throw damaged(stream, error);
    }
  }
}

/** Up to the first one whose bars have changed since. */
function soundParts(
  manifest: FeatureManifest,
  kept: readonly FeaturePart[],
  asOfMs: number,
): readonly FeaturePart[] {
  const parts = partsAsOf(manifest, asOfMs);
  const stale = parts.findIndex((part) => manifest.parts.includes(part) && !kept.includes(part));
  return stale < 0 ? parts : parts.slice(0, stale);
}

interface Source {
  readonly manifest: FeatureManifest;
  readonly parts: readonly FeaturePart[];
}

async function answer(
  store: FeatureStore,
  { manifest, parts }: Source,
  {
    names,
    timeframe,
    fromMs = 0,
    toMs = Infinity,
    asOfMs,
    limit = ROWS_DEFAULT,
  }: FeatureQuestion & { names: readonly string[] },
): Promise<FeatureValues> {
  // No bar closes before it opens, so that what opened after that time need not be read.
  const range = { fromMs, toMs: Math.min(toMs, asOfMs) };
  const { openMs, columns } = await store.rows(parts, { ...range, names, limit: limit + 1 });
  const isClosed = (ms: number): boolean => closeMs(ms, timeframe, 'xnys') <= asOfMs;
  const closed = openMs.findIndex((ms) => !isClosed(ms));
  const rows = closed < 0 ? openMs.length : closed;
  const told = Math.min(rows, limit);
  return {
    stream: manifest.stream,
    features: manifest.features.filter(({ name }) => names.includes(name)),
    open_ms: [...openMs.subarray(0, told)],
    values: Object.fromEntries(
      names.map((name, index) => [name, Array.from(columns[index]!.subarray(0, told), valueOf)]),
    ),
    next_from_ms: rows > limit ? openMs[limit]! : null,
    built_to_ms: parts.at(-1)?.lastOpenMs ?? null,
  };
}

const valueOf = (value: number): number | null => (Number.isNaN(value) ? null : value);

function assertKnown(names: readonly string[]): void {
  const known = FEATURES.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new ServiceError('feature_unknown', 404, `there is no feature ${unknown.join(', ')}`, {
      fields: [{ field: 'names', message: `must be among ${known.join(', ')}` }],
    });
}

async function findStream(db: Db, { instrument, timeframe, source }: FeatureQuestion): Promise<string> {
  const streams = (await streamsWithBars(db)).filter((stream) => {
    const parts = streamParts(stream);
    const isOfSource = source === undefined || stream.startsWith(`${source}:`);
    return isOfSource && parts.instrument === instrument && parts.timeframe === timeframe;
  });
  const [only, another] = streams;
  if (only === undefined)
    throw new ServiceError(
      'stream_unknown',
      404,
      `no bars of ${instrument} ${timeframe} were ever registered`,
    );
  if (another !== undefined)
    throw new ServiceError('ambiguous_stream', 409, `${instrument} has ${streams.join(', ')}; name a source`);
  return only;
}

function damaged(stream: string, cause: LakeFileError): ServiceError {
  const detail = `${cause.message}; POST /features/build with verify computes it anew`;
  return new ServiceError('features_damaged', 503, `the features of ${stream} cannot be read: ${detail}`, {
    cause,
  });
}

function notBuilt(stream: string): ServiceError {
  return new ServiceError(
    'features_not_built',
    409,
    `the features of ${stream} are not computed yet, or in other versions; POST /features/build computes them`,
  );
}
