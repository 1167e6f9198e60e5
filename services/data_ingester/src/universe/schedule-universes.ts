import type { Logger, StopHook } from '@aistock/service-kit';
import { schedule } from 'node-cron';
import { drainAll, OneAtATime } from '../schedule/one-at-a-time.ts';
import { refreshUniverse, type ConfiguredUniverse, type UniverseWorld } from './refresh-universe.ts';

const MINUTE_MS = 60_000;

/**
 * Refreshes universes by their cron expressions in UTC, as of the minute in which they are due, so that several
 * processes make one refresh. A refresh that fails is told, and the members stay those of before.
 */
export function scheduleUniverses(
  world: UniverseWorld,
  configured: readonly ConfiguredUniverse[],
  logger: Logger,
): StopHook {
  const scheduled = configured.flatMap((universe) => {
    const { cron } = universe.terms;
    if (cron === undefined) return [];
    const runs = new OneAtATime(async () => {
      const asOfMs = Math.floor(world.clock.nowMs() / MINUTE_MS) * MINUTE_MS;
      try {
        await refreshUniverse(world, universe, { by: 'schedule', reason: 'scheduled refresh', asOfMs });
      } catch (error) {
        logger.error('a universe could not be refreshed', { universe: universe.name, error });
      }
    });
    const task = schedule(cron, () => runs.trigger(), { timezone: 'UTC', name: `universe ${universe.name}` });
    task.on('execution:missed', () => runs.trigger());
    return [{ task, runs }];
  });
  return {
    name: 'universes',
    run: async () => {
      for (const { task } of scheduled) await task.destroy();
      await drainAll(scheduled.map(({ runs }) => runs));
    },
  };
}
