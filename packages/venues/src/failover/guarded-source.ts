import type { BarSource } from '../bar-source.ts';
import type { Circuit } from '../resilience/circuit.ts';

/** A source behind its breaker. */
export interface GuardedSource extends BarSource {
  readonly circuit: Circuit;
}

/**
 * Puts a breaker before a source; its answers carry its name. Sources that ask the same venue share one. That the clock
 * can be told does not close a breaker, since many a source tells it without asking anybody; that it cannot does open one.
 */
export function guardedSource(source: BarSource, circuit: Circuit): GuardedSource {
  return {
    ...source,
    circuit,
    clockMs: () => circuit.run(source.clockMs, 'neither'),
    fetchBars: async (request) => ({
      ...(await circuit.run(() => source.fetchBars(request))),
      source: source.name,
    }),
  };
}
