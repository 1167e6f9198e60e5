import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a metric says, and the labels it has. Labels are few and closed: ids go into logs, never into labels. */
export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** A gauge may read its value when it is asked for. A `collect` that fails makes the whole page fail: it must not. */
export interface GaugeOptions extends MetricOptions {
  readonly collect?: (gauge: Gauge) => Promise<void> | void;
}

/** The metrics of one service. */
export interface Metrics {
  readonly registry: Registry;
  counter(options: MetricOptions): Counter;
  gauge(options: GaugeOptions): Gauge;
  histogram(options: MetricOptions & { readonly buckets: readonly number[] }): Histogram;
}

/** A registry of its own for a service, with the process metrics; every line carries the service's name. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const common = ({ name, help, labels = [] }: MetricOptions) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    registry,
    counter: (options) => new Counter(common(options)),
    gauge: ({ collect, ...options }) =>
      new Gauge({
        ...common(options),
        ...(collect && {
          collect(this: Gauge) {
            return collect(this);
          },
        }),
      }),
    histogram: (options) => new Histogram({ ...common(options), buckets: [...options.buckets] }),
  };
}
