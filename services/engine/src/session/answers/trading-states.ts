import type { Output, riskGateApi } from '@aistock/shared';
import type { CoreEvent, CoreSetup, TradingState } from '@aistock/trading/core';

export type TradingStateEvent = Extract<CoreEvent, { type: 'trading_state' }>;
type Kill = Output<typeof riskGateApi.kills>['kills'][number];

/** Told of all slots where risk_gate does not answer: what may not be asked is not allowed. */
export const GATE_SILENT: Pick<TradingStateEvent, 'state' | 'reason'> = {
  state: 'halted',
  reason: 'risk_gate_unreachable',
};

/** What the kill switches that are on come to for the session as a whole (`firm`) and for each slot; the strictest counts. */
export function tradingStates(setup: CoreSetup, kills: readonly Kill[]): TradingStateEvent[] {
  const instrumentOf = new Map(setup.streams.map(({ id, instrument }) => [id, instrument]));
  const scopes = [
    { scope: 'firm', hitBy: new Set(['firm', `account:${setup.account}`]) },
    ...setup.slots.map(({ id, strategy, streams }) => ({
      scope: id,
      hitBy: new Set([
        `strategy:${strategy.name}`,
        ...streams.map((stream) => `instrument:${instrumentOf.get(stream)}`),
      ]),
    })),
  ];
  return scopes.map(({ scope, hitBy }) => {
    const on = kills.filter((kill) => hitBy.has(kill.scope));
    const strictest = on.find(({ level }) => level === 'halted') ?? on[0];
    const state: TradingState = strictest?.level ?? 'active';
    return { type: 'trading_state', scope, state, reason: strictest?.reason ?? '' };
  });
}
