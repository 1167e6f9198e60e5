import { SYMBOLS_MAX, type CategoricalSize } from './families/categorical-hmm.ts';
import type { MixtureSize } from './families/mixture-hmm.ts';
import type { StudentTSize } from './families/student-t-hmm.ts';
import type { Covariance, GaussianSize } from './gaussian-hmm.ts';
import { HmmError } from './hmm-error.ts';
import type { ModelSize } from './hmm.ts';

const COMPONENTS_MAX = 64;

/** Gaussian emissions, of diagonal covariance unless told. */
export interface GaussianOptions extends Partial<Pick<GaussianSize, 'family'>> {
  readonly covariance?: Covariance;
}

/** Which emissions a model has. */
export type EmissionOptions =
  | GaussianOptions
  | Pick<StudentTSize, 'family'>
  | Pick<CategoricalSize, 'family' | 'symbols'>
  | Pick<MixtureSize, 'family' | 'components'>;

/** The size of a model with these emissions. @throws HmmError `bad_option`. */
export function sizeOfModel(options: EmissionOptions, states: number, dimensions: number): ModelSize {
  switch (options.family) {
    case undefined:
    case 'gaussian':
      return gaussianSize(options.covariance ?? 'diagonal', states, dimensions);
    case 'student_t':
      return { family: 'student_t', states, dimensions };
    case 'categorical':
      return categoricalSize(options.symbols, states, dimensions);
    case 'mixture':
      checkOption(options.components, 'components', COMPONENTS_MAX);
      return { family: 'mixture', states, dimensions, components: options.components };
    default:
      throw new HmmError('bad_option', 'family must be "gaussian", "student_t", "categorical" or "mixture"');
  }
}

function gaussianSize(covariance: Covariance, states: number, dimensions: number): GaussianSize {
  if (!['spherical', 'diagonal', 'tied', 'full'].includes(covariance))
    throw new HmmError('bad_option', 'covariance must be "spherical", "diagonal", "tied" or "full"');
  return { family: 'gaussian', covariance, states, dimensions };
}

function categoricalSize(symbols: readonly number[], states: number, dimensions: number): CategoricalSize {
  if (!Array.isArray(symbols) || symbols.length !== dimensions)
    throw new HmmError('bad_option', `symbols must hold ${dimensions} counts, one for each feature`);
  for (const count of symbols) checkOption(count, 'symbols', SYMBOLS_MAX);
  return { family: 'categorical', states, dimensions, symbols };
}

function checkOption(value: number, name: string, max: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > max)
    throw new HmmError('bad_option', `${name} must be a whole number from 1 to ${max}, not ${value}`);
}
