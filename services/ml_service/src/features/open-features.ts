import { FEATURES } from '@aistock/features';
import { ServiceError, type Clock, type Handlers, type StopHook } from '@aistock/service-kit';
import type { FeatureBuild, featureRoutes } from '@aistock/shared';
import type { BuildContext } from './build-stream.ts';
import { createFeatureBuilder } from './feature-builder.ts';
import { readFeatures } from './feature-reader.ts';
import { streamsWithBars } from './stream-now.ts';

export interface Features {
  readonly handlers: Handlers<typeof featureRoutes>;
  /** Brings the features of a stream up to date, sooner or later; what goes wrong is logged, and done by the next one. */
  readonly keepUp: (stream: string) => void;
  readonly stopHook: StopHook;
}

/** The feature store: what is computed, what is kept, and who keeps it up to date. */
export function openFeatures(context: BuildContext & { readonly clock: Clock }): Features {
  const { db, clock, logger } = context;
  const builder = createFeatureBuilder(context);
  return {
    handlers: {
      features: async () => ({ features: FEATURES.map(toWire) }),
      featureValues: async ({ params: { instrument }, query }) => {
        const { timeframe, source, names, from_ms: fromMs, to_ms: toMs, limit } = query;
        const asOfMs = query.as_of_ms ?? clock.nowMs();
        return readFeatures(context, { instrument, timeframe, source, names, fromMs, toMs, asOfMs, limit });
      },
      buildFeatures: async ({ body }) => {
        const asked = [...new Set(body.streams)];
        const known = new Set(await streamsWithBars(db));
        const unknown = asked.filter((stream) => !known.has(stream));
        if (unknown.length > 0)
          throw new ServiceError(
            'stream_unknown',
            404,
            `no file was ever registered for ${unknown.join(', ')}`,
          );
        const streams: FeatureBuild[] = [];
        for (const stream of asked) streams.push(await builder.build(stream, { verify: body.verify }));
        return { streams };
      },
    },
    keepUp: (stream) =>
      void builder
        .build(stream)
        .catch((error: unknown) => logger.warn('features were not brought up to date', { stream, error })),
    stopHook: builder.stopHook,
  };
}

function toWire({
  name,
  version,
  unit,
  description,
  inputs,
  options,
  warmUpBars,
}: (typeof FEATURES)[number]) {
  const columns = inputs.map((input) => (input === 'openMs' ? ('open_ms' as const) : input));
  return {
    name,
    version,
    unit,
    description,
    inputs: columns,
    options: { ...options },
    warm_up_bars: warmUpBars,
  };
}
