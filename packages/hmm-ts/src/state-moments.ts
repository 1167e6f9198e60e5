import { familyOf } from './families/family-of.ts';
import { HmmError } from './hmm-error.ts';
import type { Hmm } from './hmm.ts';
import type { Random } from './random.ts';
import type { Scaling } from './scaling.ts';

/** The same model in the units of another scaling; symbols have none, and their model stays as it is. */
export function rescale<M extends Hmm>(model: M, scaling: Scaling): M;
export function rescale(model: Hmm, scaling: Scaling): Hmm {
  return familyOf(model.family).rescale(model, scaling);
}

/** The states' means in the units of the data, row-major states × dimensions. */
export function stateMeans(model: Hmm): Float64Array {
  const { dimensions, scaling } = model;
  return familyOf(model.family)
    .moments(model)
    .means.map(
      (mean, index) => mean * scaling.scales[index % dimensions]! + scaling.offsets[index % dimensions]!,
    );
}

/** The states' standard deviations in the units of the data, row-major states × dimensions. */
export function stateDeviations(model: Hmm): Float64Array {
  const { dimensions, scaling } = model;
  return familyOf(model.family)
    .moments(model)
    .variances.map((variance, index) => Math.sqrt(variance) * scaling.scales[index % dimensions]!);
}

/** A row that the state makes, in the units of the data. @throws HmmError `bad_option` for a state that there is not. */
export function sampleEmission(model: Hmm, state: number, random: Random): Float64Array {
  if (!(Number.isInteger(state) && state >= 0 && state < model.states))
    throw new HmmError('bad_option', `state must be a whole number below ${model.states}, not ${state}`);
  const { offsets, scales } = model.scaling;
  const row = new Float64Array(model.dimensions);
  familyOf(model.family).sample(model, state, random, row);
  return row.map((value, d) => value * scales[d]! + offsets[d]!);
}
