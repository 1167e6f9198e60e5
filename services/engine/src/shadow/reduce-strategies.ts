import type { Db } from '@aistock/database';
import type { ShadowResult, ShadowSummary } from '@aistock/shared';
import { sql } from 'kysely';
import type { Neighbours } from '../neighbours.ts';
import type { ShadowClaim } from './store/shadow-claims.ts';

/** Who risk_gate is told that does it. */
const BY = 'shadow';

/**
 * Sets the strategies that are past the second threshold to reduce-only, each once: one whose kill switch is on already, by
 * whomever, is left as it is. Who lifts it is a person.
 * @throws CallError where risk_gate does not answer.
 */
export async function reduceStrategies(
  { db, neighbours: { gate } }: { readonly db: Db; readonly neighbours: Pick<Neighbours, 'gate'> },
  claim: ShadowClaim,
  result: ShadowResult,
): Promise<ShadowSummary['kills']> {
  const kills: ShadowSummary['kills'] = [];
  await db.transaction().execute(async (trx) => {
    // Another replica may be about to stop the same strategy for another day.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('engine.shadow_day kills', 0))`.execute(trx);
    for (const { strategy, verdict } of result.strategies) {
      if (verdict !== 'reduce') continue;
      const scope = `strategy:${strategy}`;
      const on = (await gate.kills()).kills.find((kill) => kill.scope === scope);
      const reason = reasonOf(claim, result, strategy);
      const { kill_id } =
        on ?? (await gate.kill({ body: { scope, level: 'reducing', by: BY, reason } })).kill;
      kills.push({ strategy, kill_id });
    }
  });
  return kills;
}

function reasonOf({ day, shadowId }: ShadowClaim, { strategies }: ShadowResult, name: string): string {
  const { bps, decision_share } = strategies.find(({ strategy }) => strategy === name)!;
  return (
    `on ${day} it was ${bps.toFixed(1)} bps of equity and ${(100 * decision_share).toFixed(1)} % of its decisions ` +
    `away from its backtest; see GET /shadow/${shadowId} at the engine`
  );
}
