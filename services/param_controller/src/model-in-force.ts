import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import type { Place } from './preset-store.ts';

/**
 * Whether a regime model answers for a strategy and an instrument at a time: it is the strategy's own champion, the one that
 * was signed off for live, or the champion of everybody where the strategy never had one of its own. Read from the registry
 * itself, so that what was demoted or left a moment ago chooses nothing.
 */
export async function isInForce(
  db: Db,
  { strategy, instrument }: Place,
  { modelId, atMs }: { readonly modelId: string; readonly atMs: number },
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (
      SELECT FROM ml.alias_in_force model
      WHERE model_id = ${modelId} AND instrument = ${instrument} AND kind = 'regime' AND expires_at > ${new Date(atMs)}
        AND (strategy = ${strategy} AND alias IN ('champion', 'live')
          OR strategy = '*' AND alias = 'champion' AND NOT EXISTS (
            SELECT FROM ml.alias_in_force own
            WHERE own.stream = model.stream AND own.kind = model.kind AND own.alias = 'champion'
              AND own.strategy = ${strategy}))
    ) AS found`.execute(db);
  return rows[0]?.found === true;
}
