import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { InstrumentInPath, intText, Ms, MsText, StreamId, Timeframe } from '../../vocabulary.ts';

const NAMES_MAX = 32;
const ROWS_PER_PAGE_MAX = 10_000;
const STREAMS_MAX = 20;
const BUILD_TIMEOUT_MS = 600_000;

const FeatureName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be a feature such as rsi_14; GET /features lists them');

const FeatureNames = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(FeatureName).min(1).max(NAMES_MAX))
  .refine((names) => new Set(names).size === names.length, 'must name each feature once');

const Feature = z
  .strictObject({
    name: FeatureName,
    /** Grows whenever a number of it changes. */
    version: z.int().positive(),
    unit: z.string(),
    description: z.string(),
    /** What it reads of a bar. */
    inputs: z.array(z.enum(['open_ms', 'open', 'high', 'low', 'close', 'volume'])),
    options: z.record(z.string(), z.number()),
    /** Bars that must come before the first one that has a value. */
    warm_up_bars: z.int().min(0),
  })
  .meta({ id: 'Feature' });

const FeatureBuild = z.strictObject({
  stream: StreamId,
  status: z.enum(['built', 'up_to_date', 'no_bars']),
  /** Bars whose features were computed. */
  bars: z.int().min(0),
  /** Files that were written: one a month of short bars, one a year of others. */
  parts: z.int().min(0),
  /** The first month or year whose bars had changed or whose file was damaged, such as 2024-05: from there all is new. */
  stale_from: z.string().nullable(),
  /** Open time of the last bar that has features. */
  last_open_ms: Ms.nullable(),
});
export type FeatureBuild = z.infer<typeof FeatureBuild>;

/** What models read, kept by stream and bar. */
export const featureRoutes = {
  features: route({
    method: 'GET',
    path: '/features',
    summary: 'Every feature that is computed: version, unit, warm-up, inputs.',
    roles: READERS,
    response: z.strictObject({ features: z.array(Feature) }),
  }),
  featureValues: route({
    method: 'GET',
    path: '/features/:instrument',
    summary: 'Features of closed bars from the store, point in time, oldest first.',
    roles: READERS,
    params: z.strictObject({ instrument: InstrumentInPath }),
    query: z.strictObject({
      timeframe: Timeframe,
      /** Where more than one source has bars of the instrument. */
      source: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,31}$/)
        .optional(),
      /** Parted by commas; all of them unless told. */
      names: FeatureNames.optional(),
      from_ms: MsText.optional(),
      /** Only bars that opened before this. */
      to_ms: MsText.optional(),
      /** Only bars that had closed by then, from what was known of them by then; now unless told. */
      as_of_ms: MsText.optional(),
      limit: intText(1, ROWS_PER_PAGE_MAX).optional(),
    }),
    response: z.strictObject({
      stream: StreamId,
      features: z.array(Feature.pick({ name: true, version: true })),
      open_ms: z.array(Ms),
      /** By name, one a bar; null where a feature has no value. */
      values: z.record(FeatureName, z.array(z.number().nullable())),
      /** Where the next page starts; null on the last page. */
      next_from_ms: Ms.nullable(),
      /** Open time of the last bar that the store can tell of, as of then; later ones are not computed yet. */
      built_to_ms: Ms.nullable(),
    }),
  }),
  buildFeatures: route({
    method: 'POST',
    path: '/features/build',
    summary: 'Compute the features of new and restated bars and put them into the store.',
    roles: OPERATORS,
    body: z.strictObject({
      streams: z.array(StreamId).min(1).max(STREAMS_MAX),
      /** Read what is there from storage first; a damaged file and all after it are computed anew. */
      verify: z.boolean().optional(),
    }),
    response: z.strictObject({ streams: z.array(FeatureBuild) }),
    timeoutMs: BUILD_TIMEOUT_MS,
  }),
} as const;
