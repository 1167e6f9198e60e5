import type { Db, UniverseRefreshTable } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import { canonicalJson, sha256Hex, UniverseInputs, type UniverseMembers } from '@aistock/shared';
import type { Selectable } from 'kysely';

type Row = Selectable<UniverseRefreshTable>;

/** What was chosen, in whose name, and everything that it was chosen by. */
export interface Chosen {
  readonly universe: string;
  readonly asOfMs: number;
  readonly refreshedMs: number;
  readonly by: string;
  readonly reason: string;
  readonly inputs: UniverseInputs;
}

/**
 * Stores a refresh with its event, once for each time that it is as of: what is stored for that time stays, and is what
 * comes back.
 */
export async function storeRefresh(db: Db, chosen: Chosen): Promise<Row> {
  const { universe } = chosen;
  const asOf = new Date(chosen.asOfMs);
  return db.transaction().execute(async (trx) => {
    const before = await refreshAt(trx, universe, { asOf });
    const row = await trx
      .insertInto('market.universe_refresh')
      .values(rowOf(chosen))
      .onConflict((conflict) => conflict.columns(['universe', 'as_of_at']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return (await refreshAt(trx, universe, { asOf }))!;
    await emitEvent(trx, { kind: 'universe.refreshed', subject: universe, payload: eventOf(row, before) });
    return row;
  });
}

function rowOf({ universe, asOfMs, refreshedMs, by, reason, inputs }: Chosen): Row {
  const text = canonicalJson(inputs);
  const members = inputs.candidates.filter(({ excluded }) => excluded.length === 0);
  return {
    universe,
    as_of_at: new Date(asOfMs),
    refreshed_at: new Date(refreshedMs),
    refreshed_by: by,
    reason,
    members: members.map(({ stream }) => stream).toSorted(),
    inputs: text,
    inputs_sha256: sha256Hex(text),
  };
}

function eventOf(row: Row, before: Row | undefined): Record<string, unknown> {
  const known = before?.members ?? [];
  return {
    as_of_ms: row.as_of_at.getTime(),
    by: row.refreshed_by,
    reason: row.reason,
    members: row.members.length,
    joined: row.members.filter((stream) => !known.includes(stream)),
    left: known.filter((stream) => !row.members.includes(stream)),
    inputs_sha256: row.inputs_sha256,
  };
}

/** The newest refresh as of this time or before, of those that had been made by then. */
export async function refreshAt(
  db: Db,
  universe: string,
  { asOf, knownBy }: { readonly asOf: Date; readonly knownBy?: Date | undefined },
): Promise<Row | undefined> {
  return db
    .selectFrom('market.universe_refresh')
    .selectAll()
    .where('universe', '=', universe)
    .where('as_of_at', '<=', asOf)
    .$if(knownBy !== undefined, (query) => query.where('refreshed_at', '<=', knownBy!))
    .orderBy('as_of_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Of each universe that was ever refreshed, the newest one. */
export async function newestRefreshes(db: Db): Promise<Pick<Row, 'universe' | 'as_of_at' | 'members'>[]> {
  return db
    .selectFrom('market.universe_refresh')
    .distinctOn('universe')
    .select(['universe', 'as_of_at', 'members'])
    .orderBy('universe')
    .orderBy('as_of_at', 'desc')
    .execute();
}

export function toWireMembers(row: Row): UniverseMembers {
  return {
    universe: row.universe,
    as_of_ms: row.as_of_at.getTime(),
    refreshed_ms: row.refreshed_at.getTime(),
    by: row.refreshed_by,
    reason: row.reason,
    members: row.members.map((stream) => ({ stream, instrument: stream.split(':').slice(1, -1).join(':') })),
    inputs_sha256: row.inputs_sha256,
  };
}

export function inputsOf(row: Row): UniverseInputs {
  return UniverseInputs.parse(JSON.parse(row.inputs));
}
