import { COLUMNS, thin } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';

/** What a training knows of its model; who wrote it when, from which files, is known where it is written. */
export type ReportContent = Pick<
  ModelReport,
  | 'quality'
  | 'holdout'
  | 'judgements'
  | 'differences'
  | 'champion'
  | 'calibrations'
  | 'drifts'
  | 'leak'
  | 'closes'
  | 'regimes'
  | 'forecast'
>;

/** A chart has so many columns of pixels; half of them with four points each draw the same line. */
const SERIES_COLUMNS = COLUMNS / 2;

/** A series as a report keeps it: as it looks in a chart, whatever its length. */
export function seriesOf(
  atMs: Float64Array,
  values: Float64Array,
  columns = SERIES_COLUMNS,
): ModelReport['closes'] {
  const kept = thin({ atMs, values }, columns);
  return { at_ms: [...kept.atMs], value: [...kept.values] };
}

/** As JSON keeps it: what is not finite is null. */
export function asKept(content: ReportContent): ReportContent {
  return JSON.parse(JSON.stringify(content)) as ReportContent;
}
