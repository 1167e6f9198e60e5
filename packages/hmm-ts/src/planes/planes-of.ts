import type { Span } from '../observations.ts';
import type { ScaledRows, SequenceExpectation } from '../workspace.ts';
import { createPlaneLattice } from './lattice.ts';
import { planeExpectation } from './plane-expectation.ts';
import { blocksOf } from './planes.ts';

/** The sequences in plain code, all of them with the same room to work in. */
export function planesOf(
  { values, spans, scaling }: ScaledRows,
  states: number,
): ReadonlyMap<Span, SequenceExpectation> {
  // A single state needs no chain, and has no pairs to sum up.
  if (states === 1 || spans.length === 0) return new Map();
  const longest = blocksOf(Math.max(...spans.map(({ steps }) => steps)));
  const lattice = createPlaneLattice(longest, states);
  return new Map(
    spans.map((span) => {
      const sequence = { rows: { values, span, scaling }, blocks: blocksOf(span.steps), lattice };
      return [span, (...given) => planeExpectation(sequence, ...given)];
    }),
  );
}
