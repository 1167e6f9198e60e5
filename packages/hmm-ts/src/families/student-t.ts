import { checkNumbers, checkPositive } from '../check-numbers.ts';
import { HmmError } from '../hmm-error.ts';
import type { Random } from '../random.ts';
import { normal, scaledChiSquare } from './draw.ts';
import type { EmissionFamily } from './emission-family.ts';
import { prepareStudentT } from './student-t-emissions.ts';
import type { StudentTHmm, StudentTSize } from './student-t-hmm.ts';
import { maximiseStudentT } from './student-t-maximisation.ts';
import { moveMeans, moveVariances } from './units.ts';

/** Where the degrees of freedom start: heavier tails than a Gaussian's, lighter than those of most returns. */
const FREEDOM_START = 8;

export const studentTFamily: EmissionFamily<StudentTHmm, StudentTSize> = {
  scaled: true,
  sizeOf: ({ family, states, dimensions }) => ({ family, states, dimensions }),
  freeParameters: ({ states, dimensions }) => states * (2 * dimensions + 1),
  statisticWidths: ({ dimensions }) => ({ weights: 2, sums: dimensions, products: dimensions }),
  check({ states, dimensions, means, dispersions, freedoms }) {
    checkNumbers(means, states * dimensions, 'means');
    checkPositive(dispersions, states * dimensions, 'dispersions');
    checkNumbers(freedoms, states, 'freedoms');
    if (!freedoms.every((freedom) => freedom > 2))
      throw new HmmError('bad_model', 'freedoms must be above two');
  },
  checkValues: () => undefined,
  pooled: (size, chain) => ({
    ...size,
    ...chain,
    means: new Float64Array(size.states * size.dimensions),
    dispersions: new Float64Array(size.states * size.dimensions).fill((FREEDOM_START - 2) / FREEDOM_START),
    freedoms: new Float64Array(size.states).fill(FREEDOM_START),
  }),
  prepare: prepareStudentT,
  maximise: maximiseStudentT,
  rescale: (model, scaling) => ({
    ...model,
    scaling,
    means: moveMeans(model.means, model.scaling, scaling),
    dispersions: moveVariances(model.dispersions, model.scaling, scaling),
  }),
  mapStates: (model, change) => ({
    ...model,
    means: change(model.means),
    dispersions: change(model.dispersions),
    freedoms: change(model.freedoms),
  }),
  moments: ({ dimensions, means, dispersions, freedoms }) => ({
    means,
    variances: dispersions.map((dispersion, index) => {
      const freedom = freedoms[Math.floor(index / dimensions)]!;
      return (dispersion * freedom) / (freedom - 2);
    }),
  }),
  sample,
};

function sample(model: StudentTHmm, state: number, random: Random, row: Float64Array): void {
  const spread = 1 / Math.sqrt(scaledChiSquare(model.freedoms[state]!, random));
  for (let d = 0; d < row.length; d++) {
    const at = state * row.length + d;
    row[d] = model.means[at]! + normal(random) * spread * Math.sqrt(model.dispersions[at]!);
  }
}
