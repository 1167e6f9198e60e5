import type { Trx } from '@aistock/database';
import { Limits } from '@aistock/shared';
import type { ActiveKill } from '@aistock/trading/risk';
import { sql } from 'kysely';

/** What an order is judged by, as one state of the database. */
export interface RulesInForce {
  /** The database's clock in whole ms: permits are issued and run out by it alone. */
  readonly nowMs: number;
  /** Undefined where none were ever set. */
  readonly limits: { readonly version: number; readonly limits: Limits } | undefined;
  readonly killEpoch: number;
  /** Oldest first. */
  readonly kills: readonly ActiveKill[];
}

interface RulesRow {
  readonly now: Date;
  readonly version: number | null;
  readonly limits: unknown;
  readonly epoch: number | null;
  readonly kills: ActiveKill[];
}

/** Clock, limits and kills in one statement, so that no kill can come between an epoch and the kills of that epoch. */
export async function readRules(trx: Trx, account: string): Promise<RulesInForce> {
  const { rows } = await sql<RulesRow>`
    SELECT clock_timestamp() AS now, own.version, own.limits,
      (SELECT epoch FROM risk.kill_epoch) AS epoch,
      COALESCE((
        SELECT json_agg(json_build_object('scope', scope, 'level', level) ORDER BY kill_epoch)
        FROM risk.kill WHERE lifted_at IS NULL
      ), '[]') AS kills
    FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
      SELECT version, limits FROM risk.limits WHERE account = ${account} ORDER BY version DESC LIMIT 1
    ) own ON true`.execute(trx);
  const [row] = rows;
  if (!row || row.epoch === null) throw new Error('the database told neither time nor kill epoch');
  return {
    nowMs: row.now.getTime(),
    limits: row.version === null ? undefined : { version: row.version, limits: Limits.parse(row.limits) },
    killEpoch: row.epoch,
    kills: row.kills,
  };
}
