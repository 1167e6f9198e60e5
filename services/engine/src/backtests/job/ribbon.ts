import { closeMs } from '@aistock/market';
import type { RegimeFrom } from '@aistock/report';
import { regimesOf } from './answers.ts';
import type { JobStream, RunJob } from './run-job.ts';

export const closeOf = ({ timeframe, calendar }: JobStream, openMs: number): number =>
  closeMs(openMs, timeframe, calendar);

/** What the strategy was told of the regime after each bar of a stream: nothing of bars that its model may not speak about. */
export function ribbonOf(job: RunJob, stream: JobStream): RegimeFrom[] {
  const slot = job.request.slots.find(({ streams }) => streams[0] === stream.id);
  const columns = slot && job.regimes.get(slot.id);
  if (!columns) return [];
  const answers = regimesOf(job.request.slots, job);
  return Array.from(columns.openMs, (opened) => ({
    fromMs: closeOf(stream, opened),
    regime: answers.regimeAt(stream.id, opened).regime,
  }));
}
