import type { Trx } from '@aistock/database';
import { cardToWire } from '../../registry/card-to-wire.ts';
import { streamParts } from '../../stream-parts.ts';
import type { FinishedTraining } from './finished-training.ts';

export async function insertModel(
  trx: Trx,
  modelId: string,
  { claim, champion, outcome, fileHashes, codeVersion, at, expiresAt }: FinishedTraining,
): Promise<void> {
  const { model, validation } = outcome;
  const { card } = model;
  await trx
    .insertInto('ml.model')
    .values({
      model_id: modelId,
      run_id: claim.runId,
      stream: claim.stream,
      ...streamParts(claim.stream),
      kind: model.kind,
      algorithm: model.algorithm,
      parent_model_id: champion?.last_model_id ?? null,
      states: model.states,
      sha256: model.artefact.sha256,
      artefact: model.artefact.text,
      carried: model.carried,
      features: card.features.map(({ name }) => name),
      trained_from_at: new Date(card.trainedFromMs),
      trained_to_at: new Date(card.trainedToMs),
      bars: model.bars,
      bic: model.bic,
      log_likelihood: model.logLikelihood,
      holdout_log_likelihood: model.holdout,
      gates: JSON.stringify(validation.gates),
      gates_passed: validation.promote,
      card: JSON.stringify(cardToWire({ ...card, fileHashes })),
      code_version: codeVersion,
      created_at: at,
      expires_at: expiresAt,
    })
    .execute();
}
