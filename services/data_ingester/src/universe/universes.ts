import type { Logger, StopHook } from '@aistock/service-kit';
import type { Configured } from '../configured-streams.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import type { ConfiguredUniverse, UniverseWorld } from './refresh-universe.ts';
import { scheduleUniverses } from './schedule-universes.ts';
import type { UniverseTerms } from './universe-terms.ts';

/** Universes with the daily streams that may be their members, in the order of the configuration. */
function universesOf(
  universes: Readonly<Record<string, UniverseTerms>>,
  streams: readonly ConfiguredStream[],
): ConfiguredUniverse[] {
  return Object.entries(universes).map(([name, terms]) => ({
    name,
    terms,
    candidates: streams.filter(
      ({ source, instrument, timeframe }) =>
        source === terms.source && timeframe === '1d' && (terms.instruments?.includes(instrument) ?? true),
    ),
  }));
}

/** Universes as the service runs them. */
export interface Universes {
  readonly world: UniverseWorld;
  readonly configured: readonly ConfiguredUniverse[];
  readonly stopHook: StopHook;
}

/** Starts what refreshes universes by schedule. */
export function startUniverses(
  { logger, ...held }: Omit<UniverseWorld, 'earnings'> & { readonly logger: Logger },
  { universes, earnings }: Pick<Configured, 'universes' | 'earnings'>,
  streams: readonly ConfiguredStream[],
): Universes {
  const world = { ...held, earnings };
  const configured = universesOf(universes, streams);
  return { world, configured, stopHook: scheduleUniverses(world, configured, logger) };
}
