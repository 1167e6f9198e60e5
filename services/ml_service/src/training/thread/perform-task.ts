import { modelToJson } from '@aistock/hmm-ts';
import { openLake, RawStore } from '@aistock/lake';
import { MODEL_FEATURE_NAMES, toPriceBar, type Bar } from '@aistock/market';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { loadArtefact, loadCarried, storeArtefact } from '../../registry/artefact.ts';
import { validate } from '../../validation/validate.ts';
import { prepareJob, type TrainingLine } from '../prepare-job.ts';
import { trainChallenger } from '../train-challenger.ts';
import { claimedBars, windowBars } from '../training-bars.ts';
import type { StoredModel, Told, TrainingOutcome, TrainingTask } from './training-task.ts';

/**
 * Reads the bars, fits a challenger and judges it. The same bars and task give the same outcome.
 * @throws TrainingProblem, HmmError or CallError.
 */
export async function performTask(task: TrainingTask, told: Told): Promise<TrainingOutcome> {
  const { terms, seed } = task;
  told({ phase: 'reading', share: 0, message: '' });
  const bars = await readBars(task);
  told({ phase: 'fitting', share: 0, message: `${bars.length} bars` });
  const champion = task.champion && hmmOf(task.champion);
  const { job, ...prepared } = prepareJob({
    bars: bars.map(toPriceBar),
    line: lineOf(task),
    champion,
    covariance: terms.algorithm === 'hmm_gaussian_full' ? 'full' : 'diagonal',
    states: terms.hyperparameters.states,
    holdoutFraction: terms.hyperparameters.holdout_fraction,
    windowBarsMax: terms.window_bars_max,
    restarts: terms.hyperparameters.restarts,
    seed,
  });
  const result = trainChallenger(job, (share, message) => told({ phase: 'fitting', share, message }));
  told({ phase: 'validating', share: 0, message: '' });
  const validation = validate({ task, bars, job, prepared, result });
  const { filterFromMs } = prepared;
  const artefact = storeArtefact(result.model, MODEL_FEATURE_NAMES, { filterFromMs, rows: job.rows });
  return { prepared, result, artefact, validation };
}

async function readBars({ places, stream, wanted }: TrainingTask): Promise<Bar[]> {
  const { url, token } = places.ingester;
  const ingester = createClient(dataIngesterApi, { baseUrl: url, ...(token && { token }) });
  if (wanted.type === 'window') return windowBars(ingester, stream, wanted);
  const rawStore = new RawStore(openLake(places.lake));
  return claimedBars({ ingester, rawStore }, wanted.files, wanted.asOfMs);
}

function lineOf({ line }: TrainingTask): TrainingLine | undefined {
  const model = line && hmmOf(line);
  return model ? { model, carried: loadCarried(line.carried) } : undefined;
}

/** Null for a model that reads other features: nothing of it can be compared or carried on. */
function hmmOf({ artefact, sha256, features }: StoredModel) {
  return features.join() === MODEL_FEATURE_NAMES.join()
    ? modelToJson(loadArtefact(artefact, sha256).hmm)
    : null;
}
