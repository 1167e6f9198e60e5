import { modelFromJson, modelToJson, parameterCount } from '@aistock/hmm-ts';
import { MODEL_FEATURES, refOf } from '@aistock/features';
import { MODEL_FEATURE_NAMES, toPriceBar, type Bar } from '@aistock/market';
import type { ModelCard } from '@aistock/models';
import { loadArtefact, loadCarried, storeArtefact, storeCarried } from '../registry/artefact.ts';
import { regimeContent } from '../report/content/regime-content.ts';
import { validate, type ValidationInput } from '../validation/validate.ts';
import type { NewModel } from './new-model.ts';
import { prepareJob, type TrainingLine } from './prepare-job.ts';
import type { RegimeTerms } from './runs/training-terms.ts';
import type { StoredModel, Told, TrainingOutcome, TrainingTask } from './thread/training-task.ts';
import { trainChallenger } from './train-challenger.ts';

export interface RegimeTask extends TrainingTask {
  readonly terms: RegimeTerms;
}

/** Fits a model of regimes on bars in order of time, and judges it. @throws TrainingProblem or HmmError. */
export function trainRegimes(task: RegimeTask, bars: readonly Bar[], told: Told): TrainingOutcome {
  const { terms, seed } = task;
  const champion = task.champion && hmmOf(task.champion);
  const { job, ...prepared } = prepareJob({
    bars: bars.map(toPriceBar),
    line: lineOf(task),
    champion,
    covariance: terms.algorithm === 'hmm_gaussian_full' ? 'full' : 'diagonal',
    states: terms.hyperparameters.states,
    holdoutFraction: terms.hyperparameters.holdout_fraction,
    // New bars alone are few, and come once: they wait for more rather than be learned by a model that cannot be judged.
    holdoutRowsMin: task.wanted.type === 'files' ? task.policy.model.holdout_bars_min : 0,
    restarts: terms.hyperparameters.restarts,
    seed,
  });
  const result = trainChallenger(job, (share, message) => told({ phase: 'fitting', share, message }));
  told({ phase: 'validating', share: 0, message: '' });
  const input = { task, bars, job, prepared, result };
  const validation = validate(input);
  const { filterFromMs } = prepared;
  const model: NewModel = {
    kind: 'regime',
    algorithm: terms.algorithm,
    states: result.states,
    artefact: storeArtefact(result.model, MODEL_FEATURE_NAMES, { filterFromMs, rows: job.rows }),
    carried: storeCarried({
      online: result.carried,
      tail: prepared.tail,
      trainedFromMs: prepared.trainedFromMs,
      bars: prepared.barsCarried,
    }),
    card: cardOf(task, input),
    bars: prepared.barsInLine,
    bic: result.bic,
    logLikelihood: result.logLikelihood,
    holdout: result.holdout,
    report: regimeContent(input, validation),
    readFromMs: bars[0]!.openMs,
    readToMs: bars.at(-1)!.openMs,
  };
  return { model, validation };
}

function cardOf(
  { stream, terms, seed }: RegimeTask,
  { prepared, result }: Pick<ValidationInput, 'prepared' | 'result'>,
): Omit<ModelCard, 'fileHashes'> {
  return {
    algorithm: terms.algorithm,
    kind: 'regime',
    stream,
    features: MODEL_FEATURES.map(refOf),
    target: null,
    trainedFromMs: prepared.trainedFromMs,
    trainedToMs: prepared.trainedToMs,
    rows: prepared.barsFitted,
    hyperparameters: terms.hyperparameters,
    seed,
    parameters: parameterCount(modelFromJson(result.model)),
    converged: result.converged,
    metrics: { log_likelihood_nats: result.logLikelihood, bic_nats: result.bic, states: result.states },
    warnings: [],
  };
}

function lineOf({ line }: TrainingTask): TrainingLine | undefined {
  const model = line && hmmOf(line);
  return model ? { model, carried: loadCarried(line.carried, modelFromJson(model)) } : undefined;
}

/** Null for a model that reads other features: nothing of it can be compared or carried on. */
function hmmOf({ artefact, sha256, features }: StoredModel) {
  return features.join() === MODEL_FEATURE_NAMES.join()
    ? modelToJson(loadArtefact(artefact, sha256).hmm)
    : null;
}
