import {
  fit as fitHmm,
  HmmError,
  modelFromJson,
  modelToJson,
  parameterCount,
  regimeOf,
  RETURN_FEATURE,
  streamFilter,
  stateMeanings,
  type EmissionOptions,
  type Fit,
  type Hmm,
  type Missing as HmmMissing,
} from '@aistock/hmm-ts';
import type { Follower, Step } from '../algorithm.ts';
import { ModelError, type ModelErrorCode } from '../model-error.ts';
import { define, type Fitted, type FitTerms } from './define.ts';
import { choice, number, whole, wholes } from './hyperparameters.ts';
import type { TrainingRows } from './training-rows.ts';

const STATES_MAX = 8;
const RULES = {
  /** Numbers of states to try; the Bayesian information criterion chooses. */
  states: wholes([2, 3, 4], [2, STATES_MAX], STATES_MAX),
  restarts: whole(12, [1, 1_000]),
  screening_iterations: whole(8, [0, 1_000]),
  finalists: whole(3, [1, 100]),
  iterations_max: whole(500, [1, 100_000]),
  tolerance: number(1e-6, [0, 1]),
  variance_floor: number(1e-4, [1e-12, 0.5]),
  missing: choice<HmmMissing>('refuse', ['marginalise']),
};
type HmmHyperparameters = { readonly [Name in keyof typeof RULES]: (typeof RULES)[Name]['fallback'] };

/**
 * Regimes by a hidden Markov model. The first feature is the return: its spread orders the states, calmest first, and the
 * sign of its mean is a state's direction.
 */
const regimes = (name: string, emissions: EmissionOptions) =>
  define<HmmHyperparameters>({
    name,
    kind: 'regime',
    needsTarget: false,
    rules: RULES,
    missing: 'taken',
    fit: (rows, terms) => inOurErrors(() => fit(rows, emissions, terms)),
    follow: ({ reads, model: fields }) =>
      inOurErrors(() => {
        const model = modelFromJson(fields);
        if (!isOf(model, emissions))
          throw new ModelError('bad_model', `model must be that of ${name}, not of ${model.family}`, 'model');
        if (model.dimensions !== reads.length)
          throw new ModelError(
            'bad_model',
            `dimensions must be ${reads.length}, one a feature`,
            'dimensions',
          );
        return followed(model);
      }),
  });

export const hmmGaussianSpherical = regimes('hmm_gaussian_spherical', { covariance: 'spherical' });
export const hmmGaussianDiagonal = regimes('hmm_gaussian_diagonal', { covariance: 'diagonal' });
export const hmmGaussianTied = regimes('hmm_gaussian_tied', { covariance: 'tied' });
export const hmmGaussianFull = regimes('hmm_gaussian_full', { covariance: 'full' });
export const hmmStudentT = regimes('hmm_student_t', { family: 'student_t' });

function fit(
  { columns, openMs }: TrainingRows,
  emissions: EmissionOptions,
  { hyperparameters: h, seed, signal, progress }: FitTerms<HmmHyperparameters>,
): Fitted {
  const dimensions = columns.length;
  const values = new Float64Array(openMs.length * dimensions);
  for (const [d, column] of columns.entries())
    for (let row = 0; row < column.length; row++) values[row * dimensions + d] = column[row]!;
  const observations = { dimensions, values, missing: h.missing };
  const fits: Fit[] = [];
  const tooMany: number[] = [];
  for (const [tried, states] of h.states.entries()) {
    signal?.throwIfAborted();
    progress?.(tried / h.states.length);
    const options = { ...emissions, ...searchOf(h), states, seed };
    try {
      fits.push(fitHmm(observations, options));
    } catch (error) {
      // Where the rows carry fewer states, those are fitted.
      if (!(error instanceof HmmError && error.code === 'too_few_rows') || h.states.length === 1) throw error;
      tooMany.push(states);
    }
  }
  if (fits.length === 0)
    throw new ModelError(
      'too_few_rows',
      `${openMs.length} rows are too few for ${h.states.join(', ')} states`,
    );
  const best = fits.reduce((least, each) => (each.bic < least.bic ? each : least));
  const { model, logLikelihood, converged, bic } = best;
  return {
    model: modelToJson(model),
    parameters: parameterCount(model),
    converged,
    metrics: { log_likelihood_nats: logLikelihood, bic_nats: bic, states: model.states },
    warnings: [
      ...tooMany.map((states) => `${states} states need more rows than ${openMs.length}`),
      ...(converged ? [] : [`EM did not converge in ${h.iterations_max} iterations`]),
    ],
  };
}

const searchOf = (h: HmmHyperparameters) => ({
  restarts: h.restarts,
  screeningIterations: h.screening_iterations,
  finalists: h.finalists,
  iterationsMax: h.iterations_max,
  tolerance: h.tolerance,
  varianceFloor: h.variance_floor,
  orderBy: RETURN_FEATURE,
});

function followed(model: Hmm): Pick<Follower, 'tells' | 'step'> {
  const filter = streamFilter(model, { missing: 'marginalise' });
  const meanings = stateMeanings(model);
  const states = Array.from({ length: model.states }, (_, state) => `probability_${state}`);
  let state = filter.initial;
  return {
    tells: [...states, 'trend', 'risk'],
    step: (row): Step => {
      const known = Array.from(row).filter((value) => !Number.isNaN(value)).length;
      // While features warm up nothing is filtered; later a row without values lets time pass.
      if (state.steps === 0 && known < row.length)
        return { values: new Float64Array(states.length + 2).fill(NaN), logLikelihood: NaN };
      state = inOurErrors(() => filter.filterStep({ ...state, logLikelihood: 0 }, row));
      const { trend, risk } = regimeOf(meanings, state.probabilities);
      return {
        values: Float64Array.of(...state.probabilities, trend, risk),
        logLikelihood: known === 0 ? NaN : state.logLikelihood,
      };
    },
  };
}

const isOf = (model: Hmm, emissions: EmissionOptions): boolean =>
  'covariance' in emissions
    ? model.family === 'gaussian' && model.covariance === emissions.covariance
    : model.family === emissions.family;

/** Those that rows, options and models are refused with. */
const CODES: Readonly<Partial<Record<HmmError['code'], ModelErrorCode>>> = {
  bad_shape: 'bad_shape',
  bad_option: 'bad_option',
  bad_model: 'bad_model',
  not_finite: 'not_finite',
  unknown_symbol: 'bad_shape',
  too_few_rows: 'too_few_rows',
  impossible_observation: 'degenerate',
};

function inOurErrors<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    const code = error instanceof HmmError && CODES[error.code];
    throw code ? new ModelError(code, error.message) : error;
  }
}
