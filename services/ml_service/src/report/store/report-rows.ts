import type { Db, Trx } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { findModel } from '../../registry/models.ts';
import { modelUnknown } from '../../registry/model-unknown.ts';
import type { StoredReport } from './sign-report.ts';

export async function insertReport(trx: Trx, modelId: string, report: StoredReport): Promise<void> {
  await trx
    .insertInto('ml.model_report')
    .values({ model_id: modelId, ...report })
    .execute();
}

/** @throws ServiceError 404 `model_unknown`, or `report_unknown` for a model from before there were reports. */
export async function findReport(db: Db, modelId: string): Promise<StoredReport> {
  const row = await db
    .selectFrom('ml.model_report')
    .select(['report', 'sha256', 'note', 'verifier_key'])
    .where('model_id', '=', modelId)
    .executeTakeFirst();
  if (row) return row;
  if (!(await findModel(db, modelId))) throw modelUnknown(modelId);
  throw new ServiceError('report_unknown', 404, `model ${modelId} is from before models had reports`);
}
