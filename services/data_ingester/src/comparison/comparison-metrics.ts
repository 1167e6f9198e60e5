import type { Metrics } from '@aistock/service-kit';
import type { Compared } from './difference-store.ts';

/** Told of each chunk that was compared, or was to be. */
export type ObserveComparison = (compared: Compared) => void;

/** Counts what comparisons found. The streams are the configured ones, so the label is bounded. */
export function comparisonMetrics(metrics: Metrics): ObserveComparison {
  const bars = metrics.counter({
    name: 'compare_bars_total',
    help: 'Bars to be compared with another source, by what came of it.',
    labels: ['stream', 'outcome'],
  });
  const differing = metrics.counter({
    name: 'compare_bars_differing_total',
    help: 'Bars that another source tells otherwise by more than the tolerance, by kind.',
    labels: ['stream', 'kind'],
  });
  return ({ stream, comparedBars, undecidedBars, skippedBars, days }) => {
    bars.inc({ stream, outcome: 'compared' }, comparedBars);
    bars.inc({ stream, outcome: 'undecided' }, undecidedBars);
    bars.inc({ stream, outcome: 'skipped' }, skippedBars);
    for (const { kind, bars: count } of days) differing.inc({ stream, kind }, count);
  };
}
