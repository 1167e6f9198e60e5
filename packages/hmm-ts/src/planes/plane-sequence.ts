import type { PlaneLattice } from './lattice.ts';
import type { Blocks } from './planes.ts';
import type { SequenceRows } from './row-planes.ts';

/** A sequence with room to work on it. */
export interface PlaneSequence {
  readonly rows: SequenceRows;
  readonly blocks: Blocks;
  readonly lattice: PlaneLattice;
}
