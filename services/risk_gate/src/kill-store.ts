import { randomUUID } from 'node:crypto';
import type { Db, KillRow, Trx } from '@aistock/database';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import type { Output, Parsed, riskGateApi } from '@aistock/shared';
import { sql } from 'kysely';

type KillState = Output<typeof riskGateApi.kills>;
type Kill = KillState['kills'][number];

/**
 * The kill switches that are on, oldest first, and the epoch. The epoch is read first: a kill that comes between the
 * two reads may be seen early, but never stays unseen under its own epoch.
 */
export async function readKills(db: Db): Promise<KillState> {
  const { epoch } = await db.selectFrom('risk.kill_epoch').select('epoch').executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('risk.kill')
    .selectAll()
    .where('lifted_at', 'is', null)
    .orderBy('kill_epoch')
    .execute();
  return { kill_epoch: epoch, kills: rows.map(toKill) };
}

/** Turns a kill switch on. Permits that are out are void from the commit on. */
export async function kill(
  trx: Trx,
  { scope, level, by, reason }: Parsed<typeof riskGateApi.kill>['body'],
): Promise<Output<typeof riskGateApi.kill>> {
  const epoch = await raiseEpoch(trx);
  const row = await trx
    .insertInto('risk.kill')
    .values({ kill_id: randomUUID(), scope, level, killed_by: by, reason, kill_epoch: epoch })
    .returningAll()
    .executeTakeFirstOrThrow();
  await emitEvent(trx, {
    kind: 'risk.killed',
    subject: row.kill_id,
    payload: { scope, level, by, reason, kill_epoch: epoch },
  });
  return { kill_epoch: epoch, kill: toKill(row) };
}

/** Lifts a kill switch. @throws ServiceError `kill_unknown` or `kill_already_lifted`. */
export async function resume(
  trx: Trx,
  { kill_id: killId, by, reason }: Parsed<typeof riskGateApi.resume>['body'],
): Promise<KillState> {
  const epoch = await raiseEpoch(trx);
  const row = await trx
    .selectFrom('risk.kill')
    .select(['scope', 'lifted_by'])
    .where('kill_id', '=', killId)
    .executeTakeFirst();
  if (!row) throw new ServiceError('kill_unknown', 404, `there is no kill switch ${killId}`);
  if (row.lifted_by !== null) {
    throw new ServiceError('kill_already_lifted', 409, `${row.lifted_by} has lifted kill switch ${killId}`);
  }
  await trx
    .updateTable('risk.kill')
    .set({ lifted_by: by, lift_reason: reason, lifted_at: sql<Date>`clock_timestamp()` })
    .where('kill_id', '=', killId)
    .execute();
  await emitEvent(trx, {
    kind: 'risk.resumed',
    subject: killId,
    payload: { scope: row.scope, by, reason, kill_epoch: epoch },
  });
  return readKills(trx);
}

async function raiseEpoch(trx: Trx): Promise<number> {
  const { rows } = await sql<{ epoch: number }>`SELECT risk.raise_kill_epoch() AS epoch`.execute(trx);
  const [row] = rows;
  if (!row) throw new Error('the kill epoch was not raised');
  return row.epoch;
}

function toKill(row: KillRow): Kill {
  return {
    kill_id: row.kill_id,
    scope: row.scope,
    level: row.level,
    by: row.killed_by,
    reason: row.reason,
    since_ms: row.killed_at.getTime(),
  };
}
