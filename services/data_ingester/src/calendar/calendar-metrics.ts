import type { Metrics } from '@aistock/service-kit';
import type { CalendarWatch } from './calendar-watch.ts';

/** Shows on how many days our calendar and that of a source differ; nothing before they were compared. */
export function calendarMetrics(metrics: Metrics, watch: CalendarWatch): void {
  metrics.gauge({
    name: 'calendar_differing_days',
    help: 'Days since 1998 on which the calendar of a source and the table of the exchange differ.',
    labels: ['source'],
    collect: (gauge) => {
      const state = watch.state();
      if (state?.checked_ms !== null && state !== null)
        gauge.set({ source: state.source }, state.differing_days);
    },
  });
}
