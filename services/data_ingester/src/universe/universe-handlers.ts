import { ServiceError, type Handlers } from '@aistock/service-kit';
import type { dataIngesterApi } from '@aistock/shared';
import { refreshUniverse, type ConfiguredUniverse, type UniverseWorld } from './refresh-universe.ts';
import { inputsOf, newestRefreshes, refreshAt, toWireMembers } from './universe-store.ts';

type UniverseHandlers = Pick<Handlers<typeof dataIngesterApi>, 'universes' | 'universe' | 'refreshUniverse'>;

export function createUniverseHandlers(
  world: UniverseWorld,
  configured: readonly ConfiguredUniverse[],
): UniverseHandlers {
  const { db, clock } = world;
  return {
    universes: async () => {
      const newest = new Map((await newestRefreshes(db)).map((row) => [row.universe, row]));
      const names = new Set([...configured.map(({ name }) => name), ...newest.keys()]);
      const states = [...names].toSorted().map((universe) => {
        const terms = configured.find(({ name }) => name === universe)?.terms;
        const row = newest.get(universe);
        return {
          universe,
          configured: terms !== undefined,
          cron: terms?.cron ?? null,
          members: row?.members.length ?? null,
          as_of_ms: row?.as_of_at.getTime() ?? null,
        };
      });
      return { universes: states };
    },
    universe: async ({ params: { name }, query }) => {
      const asOf = new Date(query.as_of_ms ?? clock.nowMs());
      const knownBy = query.known_ms === undefined ? undefined : new Date(query.known_ms);
      const row = await refreshAt(db, name, { asOf, knownBy });
      if (row) return { ...toWireMembers(row), inputs: inputsOf(row) };
      if (!configured.some((each) => each.name === name)) throw unknown(name, configured);
      throw new ServiceError(
        'universe_not_refreshed',
        404,
        `${name} had no members yet as of ${asOf.getTime()}; POST /universes/${name}/refresh chooses them`,
      );
    },
    refreshUniverse: async ({ params: { name }, body }) => {
      const universe = configured.find((each) => each.name === name);
      if (!universe) throw unknown(name, configured);
      const { by, reason, as_of_ms: asOfMs } = body;
      return toWireMembers(await refreshUniverse(world, universe, { by, reason, asOfMs }));
    },
  };
}

function unknown(name: string, configured: readonly ConfiguredUniverse[]): ServiceError {
  const allowed = configured.map((each) => each.name).join(', ') || 'none';
  return new ServiceError('universe_unknown', 404, `there is no universe ${name}; configured: ${allowed}`, {
    fields: [{ field: 'name', message: `must be one of ${allowed}` }],
  });
}
