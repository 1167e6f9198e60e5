import type { Span } from '../observations.ts';
import type { ScaledRows, SequenceExpectation } from '../workspace.ts';
import { createPlaneLattice } from './lattice.ts';
import { planeExpectation } from './plane-expectation.ts';
import { planeRowsOf } from './plane-rows.ts';

/** The sequences as planes, all of them with the same room to work in. */
export function planesOf(
  { values, spans, scaling }: ScaledRows,
  states: number,
): ReadonlyMap<Span, SequenceExpectation> {
  // A single state needs no chain, and has no pairs to sum up.
  if (states === 1 || spans.length === 0) return new Map();
  const lattice = createPlaneLattice(Math.max(...spans.map(({ steps }) => steps)), states);
  return new Map(
    spans.map((span) => {
      const rows = planeRowsOf(values, span, scaling);
      return [span, (...given) => planeExpectation({ rows, lattice }, ...given)];
    }),
  );
}
