import { canonicalJson, sha256Hex } from '@aistock/shared';
import type { FinishedTraining } from './finished-training.ts';

/** An event names so many files itself; the hash over the whole list is always there. */
const FILES_IN_EVENT_MAX = 400;

/** @param reportSha256 of the canonical JSON of its report. */
export function trainedEvent(modelId: string, training: FinishedTraining, reportSha256: string) {
  const { claim, outcome } = training;
  const { model } = outcome;
  const files = training.files.map(({ file_id, sha256 }) => ({ file_id, sha256 }));
  return {
    kind: 'model.trained' as const,
    subject: modelId,
    payload: {
      model_id: modelId,
      run_id: claim.runId,
      stream: claim.stream,
      algorithm: claim.terms.algorithm,
      seed: claim.seed,
      kind: model.kind,
      states: model.states,
      sha256: model.artefact.sha256,
      report_sha256: reportSha256,
      trained_from_ms: model.card.trainedFromMs,
      trained_to_ms: model.card.trainedToMs,
      bars: model.bars,
      bic: model.bic,
      holdout_log_likelihood: model.holdout,
      files: files.slice(0, FILES_IN_EVENT_MAX),
      files_total: files.length,
      files_sha256: sha256Hex(canonicalJson(files)),
    },
  };
}
