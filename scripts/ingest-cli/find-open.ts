import type { Backfill } from '@aistock/shared';
import type { Options } from './options.ts';

/** The backfill that the same command began before and that is not over: it goes on. */
export function findOpen(
  backfills: readonly Backfill[],
  { sinceMs, untilMs, streams }: Pick<Options, 'sinceMs' | 'untilMs' | 'streams'>,
): Backfill | undefined {
  return backfills.find(
    (backfill) =>
      backfill.status === 'running' &&
      backfill.since_ms === sinceMs &&
      (untilMs === undefined || backfill.until_ms === untilMs) &&
      streams.every((name) => backfill.streams.some(({ stream }) => stream === name)) &&
      (streams.length === 0 || streams.length === backfill.streams.length),
  );
}
