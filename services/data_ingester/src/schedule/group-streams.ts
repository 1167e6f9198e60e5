import type { ConfiguredStream } from '../stream-spec.ts';
import { barCloseCron, type Cron } from './bar-close-cron.ts';

/** Streams that are ingested at the same times. */
export interface ScheduledGroup extends Cron {
  readonly streams: readonly ConfiguredStream[];
}

/** Streams without a schedule are in no group. */
export function groupStreams(streams: readonly ConfiguredStream[]): ScheduledGroup[] {
  const groups = new Map<string, { cron: Cron; streams: ConfiguredStream[] }>();
  for (const stream of streams) {
    const cron = cronOf(stream);
    if (cron === undefined) continue;
    const key = `${cron.timezone} ${cron.expression}`;
    const group = groups.get(key) ?? { cron, streams: [] };
    group.streams.push(stream);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ cron, streams: members }) => ({ ...cron, streams: members }));
}

function cronOf(stream: ConfiguredStream): Cron | undefined {
  const { schedule } = stream;
  if (schedule === undefined) return undefined;
  if ('cron' in schedule) return { expression: schedule.cron, timezone: 'UTC' };
  return barCloseCron(stream, schedule.delay_s + Math.ceil((stream.from.delayMs ?? 0) / 1_000));
}
