import type { OpenedSource } from './opened-sources.ts';

/** What /status tells of a source. */
export function toSourceState({ name, kind, origin, venue, guarded }: OpenedSource) {
  const { kind: breaker, failures } = guarded.circuit.state();
  return { name, kind, origin, venue, breaker: venue === null ? null : breaker, failures_in_row: failures };
}
