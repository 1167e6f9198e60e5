import type { GaussianEmissions } from './emissions.ts';
import type { Lattice } from './forward.ts';
import { layoutOfCovariance, type GaussianHmm } from './gaussian-hmm.ts';
import type { ModelSize } from './hmm.ts';
import type { Span } from './observations.ts';
import { planesOf } from './planes/planes-of.ts';
import { standardise, type Scaling } from './scaling.ts';
import type { SufficientStatistics } from './statistics.ts';
import { lanesOf } from './wasm/lanes-of.ts';

/**
 * How an E step is computed; the results differ in the last digits only. `auto`: in WebAssembly where that is there and
 * pays, else in plain code. `plain`: always in plain code.
 */
export type Arithmetic = (typeof ARITHMETICS)[number];
export const ARITHMETICS = ['auto', 'plain'] as const;

/** The sequences to work on, and the units of the model. */
export interface ScaledRows {
  /** Row-major, in the units of the data; NaN where a value is missing. */
  readonly values: Float64Array;
  readonly spans: readonly Span[];
  readonly scaling: Scaling;
}

/**
 * The E step of a sequence of whole rows under a Gaussian model: its log-likelihood, and its statistics added to the
 * others; undefined, with nothing added, where numbers become too small for it.
 */
export type SequenceExpectation = (
  model: GaussianHmm,
  emissions: GaussianEmissions,
  statistics: SufficientStatistics,
) => number | undefined;

/** Rows with room to work on them; made once, used in every iteration. */
export interface Workspace {
  readonly spans: readonly Span[];
  /** Whether any value is missing. */
  readonly missing: boolean;
  /** The sequences for which there is a quicker way than step by step. */
  readonly quick: ReadonlyMap<Span, SequenceExpectation>;
  /** Row-major and standardised; made at the first need, as the quick ways have copies of their own. */
  values(): Float64Array;
  /** Room for the longest sequence step by step; made at the first need. */
  lattice(): Lattice;
}

export function createWorkspace(
  rows: ScaledRows,
  size: ModelSize,
  arithmetic: Arithmetic = 'auto',
): Workspace {
  const { spans } = rows;
  const missing = hasMissing(rows.values);
  return {
    spans,
    missing,
    quick: missing ? new Map() : quickWays(rows, size, arithmetic),
    values: madeOnce(() => standardise(rows.values, rows.scaling)),
    lattice: madeOnce(() => createLattice(spans, size.states)),
  };
}

function hasMissing(values: Float64Array): boolean {
  // A loop, as a callback for each of a million values takes as long as half an E step.
  for (let index = 0; index < values.length; index++) if (Number.isNaN(values[index])) return true;
  return false;
}

function quickWays(
  rows: ScaledRows,
  size: ModelSize,
  arithmetic: Arithmetic,
): ReadonlyMap<Span, SequenceExpectation> {
  if (size.family !== 'gaussian') return new Map();
  const planes = (spans: readonly Span[]) => planesOf({ ...rows, spans }, size.states);
  if (arithmetic === 'plain') return planes(rows.spans);
  const shape = { ...size, covariance: layoutOfCovariance(size.covariance) };
  const lanes = lanesOf(rows, { ...shape, anchor: 'first' });
  const apart = madeOnce(() => lanesOf(rows, { ...shape, anchor: 'largest' }));
  const spare = madeOnce(() => planes([...lanes.keys()]));
  // Which way is gone depends on the model alone, so that the order in which models are tried changes no bits.
  const either = new Map(
    Array.from(lanes, ([span, way]): [Span, SequenceExpectation] => [
      span,
      (...given) => way(...given) ?? apart().get(span)?.(...given) ?? spare().get(span)?.(...given),
    ]),
  );
  return new Map([...either, ...planes(rows.spans.filter((span) => !lanes.has(span)))]);
}

/** Made at the first need. */
function madeOnce<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function createLattice(spans: readonly Span[], states: number): Lattice {
  const cells = spans.reduce((most, span) => Math.max(most, span.steps), 0) * states;
  return { densities: new Float64Array(cells), posterior: new Float64Array(cells) };
}
