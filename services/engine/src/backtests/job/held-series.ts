import type { JobSeries } from './point-terms.ts';
import type { RunJob } from './run-job.ts';
import { seriesOf } from './shared-series.ts';

let held: { readonly key: string; readonly series: JobSeries } | undefined;

/** The series of a job; a thread that works on the same job again reuses them, with whatever is remembered about them. */
export function heldSeries(job: RunJob): JobSeries {
  if (held?.key !== job.key)
    held = {
      key: job.key,
      series: {
        bars: new Map(job.streams.map(({ id, bars }) => [id, seriesOf(bars)])),
        detail: new Map(
          job.streams.flatMap(({ id, detail }) =>
            detail ? [[id, { ...detail, series: seriesOf(detail.bars) }] as const] : [],
          ),
        ),
      },
    };
  return held.series;
}
