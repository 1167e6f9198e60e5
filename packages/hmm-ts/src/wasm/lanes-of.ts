import { BLOCK_STEPS } from '../forward.ts';
import type { Span } from '../observations.ts';
import { standardise } from '../scaling.ts';
import type { ScaledRows, SequenceExpectation } from '../workspace.ts';
import { broadestFirst } from './broadest-first.ts';
import { createKernel } from './kernel.ts';
import { laneExpectation } from './lane-expectation.ts';
import type { LaneRows } from './lane-rows.ts';
import { densityBytes, PAIR_BYTES, type KernelShape } from './layout.ts';
import { hasWebAssembly } from './web-assembly.ts';

/** Shorter sequences do not pay for the way into the kernel. */
const SEQUENCE_STEPS_MIN = 640;
/** Larger models would make functions that take longer to compile than they save. */
const STATES_MAX = 8;
const DIMENSIONS_MAX = 8;

/** The sequences that a kernel takes, in its memory; those that are too short are left out. */
export function lanesOf(
  { values, spans, scaling }: ScaledRows,
  shape: KernelShape,
): ReadonlyMap<Span, SequenceExpectation> {
  const { states, dimensions } = shape;
  const long = spans.filter(({ steps }) => steps >= SEQUENCE_STEPS_MIN);
  if (!hasWebAssembly || states > STATES_MAX || dimensions > DIMENSIONS_MAX || long.length === 0)
    return new Map();
  const halves = long.map(({ steps }) => Math.floor(steps / 2));
  const valueBytes = dimensions * PAIR_BYTES;
  const densitiesSize = Math.max(...halves) * densityBytes(shape);
  const kernel = createKernel(
    shape,
    densitiesSize + halves.reduce((sum, half) => sum + half, 0) * valueBytes,
  );
  const densitiesAt = kernel.layout.rows;
  let valuesAt = densitiesAt + densitiesSize;
  return new Map(
    long.map((span, index) => {
      const steps = halves[index]!;
      const first = (span.first + (span.steps % 2)) * dimensions;
      const head = standardise(values.subarray(span.first * dimensions, first), scaling);
      const rows: LaneRows = {
        kernel,
        shape,
        steps,
        head,
        valuesAt,
        densitiesAt,
        valueBytes,
        start: new Float64Array(2 * states),
        ends: new Float64Array(Math.ceil(steps / BLOCK_STEPS) * 2 * states),
      };
      fill(rows, values.subarray(first, first + 2 * steps * dimensions), scaling);
      valuesAt += steps * valueBytes;
      const way: SequenceExpectation = (...given) => laneExpectation(rows, ...given);
      return [span, shape.anchor === 'first' ? broadestFirst(way) : way];
    }),
  );
}

function fill(
  { kernel, shape, steps, valuesAt }: LaneRows,
  values: Float64Array,
  { offsets, scales }: ScaledRows['scaling'],
): void {
  const { dimensions } = shape;
  const numbers = new Float64Array(kernel.memory.buffer, valuesAt, values.length);
  const half = steps * dimensions;
  for (let row = 0; row < half; row += dimensions)
    for (let d = 0; d < dimensions; d++) {
      numbers[2 * (row + d)] = (values[row + d]! - offsets[d]!) / scales[d]!;
      numbers[2 * (row + d) + 1] = (values[half + row + d]! - offsets[d]!) / scales[d]!;
    }
}
