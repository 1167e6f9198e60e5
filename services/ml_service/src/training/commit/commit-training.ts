import { randomUUID } from 'node:crypto';
import type { Db, Trx } from '@aistock/database';
import { finishClaims, intendDeletion, StaleClaim } from '@aistock/ledger';
import { emitEvent } from '@aistock/service-kit';
import { insertReport } from '../../report/store/report-rows.ts';
import { signedReport } from '../../report/store/sign-report.ts';
import { finishRun } from '../runs/run-claims.ts';
import type { FinishedTraining } from './finished-training.ts';
import { insertModel } from './insert-model.ts';
import { promoteOrKeep } from './promote-or-keep.ts';
import { trainedEvent } from './trained-event.ts';

/**
 * Writes model, report, promotion, events and the end of the run, and marks the files as processed: all or nothing.
 * @throws StaleClaim where a file or the run is no longer ours, AliasChanged where the champion is another one by now.
 */
export async function commitTraining(db: Db, training: FinishedTraining): Promise<string> {
  const { files } = training;
  const modelId = randomUUID();
  const report = signedReport(modelId, training);
  await db.transaction().execute(async (trx) => {
    await insertModel(trx, modelId, training);
    await insertReport(trx, modelId, report);
    await emitEvent(trx, trainedEvent(modelId, training, report.sha256));
    const promoted = await promoteOrKeep(trx, modelId, training);
    await endRun(trx, training, promoted);
    if (files.length === 0) return;
    await finishClaims(trx, files);
    if (training.deleteFiles)
      await intendDeletion(
        trx,
        files.map((file) => file.file_id),
      );
  });
  return modelId;
}

async function endRun(
  trx: Trx,
  { claim, files, outcome, champion }: FinishedTraining,
  promoted: boolean,
): Promise<void> {
  const ended = await finishRun(trx, claim, {
    status: 'trained',
    bars: outcome.model.card.rows,
    promoted,
    championId: champion?.model_id ?? null,
  });
  if (!ended) throw new StaleClaim(files.map(({ file_id }) => file_id));
  if (files.length === 0) return;
  await trx
    .insertInto('ml.run_file')
    .values(
      files.map(({ file_id, sha256, claim_epoch }) => ({
        run_id: claim.runId,
        file_id,
        sha256,
        claim_epoch,
      })),
    )
    .execute();
}
