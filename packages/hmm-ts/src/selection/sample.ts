import { drawIndex } from '../families/draw.ts';
import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import type { Random } from '../random.ts';
import { sampleEmission } from '../state-moments.ts';

export interface Sample {
  readonly dimensions: number;
  /** Row-major rows × dimensions, in the units of the data. */
  readonly values: Float64Array;
  /** The state that made each row. */
  readonly states: Int32Array;
}

/** Rows of one sequence that the model makes. @throws HmmError `bad_option`. */
export function sample(model: Hmm, rows: number, random: Random): Sample {
  if (!Number.isSafeInteger(rows) || rows < 0)
    throw new HmmError('bad_option', `rows must be a whole number from 0, not ${rows}`);
  const { dimensions, states: count } = model;
  const values = new Float64Array(rows * dimensions);
  const states = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row === 0 ? 0 : states[row - 1]! * count;
    const state = drawIndex(row === 0 ? model.start : model.transition, from, from + count, random);
    states[row] = state;
    values.set(sampleEmission(model, state, random), row * dimensions);
  }
  return { dimensions, values, states };
}
