import type { ShadowResult, ShadowSummary } from '@aistock/shared';
import type { Neighbours } from '../neighbours.ts';
import type { ShadowClaim } from './shadow-claims.ts';

type Kills = ShadowSummary['kills'];

/** Who risk_gate is told that does it. */
const BY = 'shadow';

/**
 * Sets the strategies that are past the second threshold to reduce-only, each once: one whose kill switch is on already, by
 * whomever, is left as it is. Who lifts it is a person.
 * @param noted keeps what was done so far, after each.
 * @throws CallError where risk_gate does not answer.
 */
export async function reduceStrategies(
  { gate }: Pick<Neighbours, 'gate'>,
  claim: ShadowClaim,
  result: ShadowResult,
  noted: (kills: Kills) => Promise<unknown>,
): Promise<Kills> {
  let kills = claim.kills;
  for (const { strategy, verdict } of result.strategies) {
    if (verdict !== 'reduce' || kills.some((kill) => kill.strategy === strategy)) continue;
    const scope = `strategy:${strategy}`;
    const on = (await gate.kills()).kills.find((kill) => kill.scope === scope);
    const reason = reasonOf(claim, result, strategy);
    const { kill_id } = on ?? (await gate.kill({ body: { scope, level: 'reducing', by: BY, reason } })).kill;
    kills = [...kills, { strategy, kill_id }];
    await noted(kills);
  }
  return kills;
}

function reasonOf({ day, shadowId }: ShadowClaim, { strategies }: ShadowResult, name: string): string {
  const { bps, decision_share } = strategies.find(({ strategy }) => strategy === name)!;
  return (
    `on ${day} it was ${bps.toFixed(1)} bps of equity and ${(100 * decision_share).toFixed(1)} % of its decisions ` +
    `away from its backtest; see GET /shadow/${shadowId} at the engine`
  );
}
