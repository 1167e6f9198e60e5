import type { ApprovalTable, Db, Trx } from '@aistock/database';
import type { Selectable } from 'kysely';

export type ApprovalRow = Selectable<ApprovalTable>;

export async function isApproved(db: Db, modelId: string, strategy: string): Promise<boolean> {
  return (await findApproval(db, modelId, strategy)) !== undefined;
}

async function findApproval(db: Db, modelId: string, strategy: string): Promise<ApprovalRow | undefined> {
  return db
    .selectFrom('ml.approval')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('strategy', '=', strategy)
    .executeTakeFirst();
}

export async function listApprovals(db: Db, modelId: string): Promise<ApprovalRow[]> {
  return db
    .selectFrom('ml.approval')
    .selectAll()
    .where('model_id', '=', modelId)
    .orderBy('strategy')
    .execute();
}

/** Notes a sign-off. One that is there already stands: `isNew` tells which, and `row` is the one that counts. */
export async function noteApproval(
  trx: Trx,
  approval: ApprovalRow,
): Promise<{ readonly row: ApprovalRow; readonly isNew: boolean }> {
  const inserted = await trx
    .insertInto('ml.approval')
    .values(approval)
    .onConflict((conflict) => conflict.columns(['model_id', 'strategy']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return { row: inserted, isNew: true };
  const known = await findApproval(trx, approval.model_id, approval.strategy);
  if (!known) throw new Error(`the sign-off of ${approval.model_id} for ${approval.strategy} is gone`);
  return { row: known, isNew: false };
}
