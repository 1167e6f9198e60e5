import type { Db, LimitsRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import { canonicalJson, Limits, sha256Hex, type Output, type riskGateApi } from '@aistock/shared';
import { sql } from 'kysely';

type LimitsAnswer = Output<typeof riskGateApi.setLimits>;

/** The limits of every account that are in force. */
export async function readAllLimits(db: Db): Promise<LimitsAnswer[]> {
  const rows = await db
    .selectFrom('risk.limits')
    .distinctOn('account')
    .selectAll()
    .orderBy('account')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(toAnswer);
}

/** The limits of an account that are in force; undefined where none were ever set. */
export async function readLimits(db: Db, account: string): Promise<LimitsAnswer | undefined> {
  const row = await db
    .selectFrom('risk.limits')
    .selectAll()
    .where('account', '=', account)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toAnswer(row);
}

/** Puts a new version in force; the versions before it stay on record. */
export async function appendLimits(
  trx: Trx,
  { limits, by, reason }: { limits: Limits; by: string; reason: string },
): Promise<LimitsAnswer> {
  const { account } = limits;
  await sql`SELECT trading.lock_account(${account})`.execute(trx);
  const before = await readLimits(trx, account);
  const version = (before?.version ?? 0) + 1;
  const text = canonicalJson(limits);
  const row = await trx
    .insertInto('risk.limits')
    .values({ account, version, limits: text, set_by: by, reason })
    .returningAll()
    .executeTakeFirstOrThrow();
  await emitEvent(trx, {
    kind: 'risk.limits_set',
    subject: account,
    payload: { version, by, reason, limits_sha256: sha256Hex(text) },
  });
  return toAnswer(row);
}

/** Parsed again on the way out: limits that this version does not understand must not be half applied. */
function toAnswer(row: LimitsRow): LimitsAnswer {
  return {
    version: row.version,
    set_ms: row.set_at.getTime(),
    by: row.set_by,
    limits: Limits.parse(row.limits),
  };
}
