import assert from 'node:assert/strict';
import type { Bar } from '@aistock/market';
import type { ReplayTally } from '@aistock/shared';
import { BarSeries } from '@aistock/trading/bars';
import { runBacktest } from '@aistock/trading/backtest';
import { sha256Hex, type Client, type engineApi } from '@aistock/shared';
import { DEFAULT_ORDERS, instrumentRules, type CoreSetup } from '@aistock/trading/core';
import { DEFAULT_SIZING } from '@aistock/trading/sizing';
import { STRATEGIES, type RegimeView } from '@aistock/trading/strategies';
import { ACCOUNT, PAPER_COSTS, START_CASH } from './fake-executor.ts';
import { LIMITS } from './fake-gate.ts';
import { dayMs, fakeBars, INSTRUMENT, STREAM } from './fake-series.ts';
import type { FakeStack } from './fake-stack.ts';

export const BARS = fakeBars(160);
export const PARAMS = {
  fast_bars: 4,
  slow_bars: 12,
  atr_bars: 5,
  stop_atr: 3,
  trend_min: -1,
  risk_fraction: 0.5,
};
export const REQUEST = {
  strategy: 'trend_following',
  stream: STREAM,
  account: ACCOUNT,
  from_ms: dayMs(40),
  to_ms: dayMs(160),
} as const;

/** Replays the bars that closed by a time. */
export async function replay(
  engine: Pick<Client<typeof engineApi>, 'session'>,
  change: Partial<Record<keyof typeof REQUEST, unknown>> = {},
): Promise<ReplayTally> {
  const answer = await engine.session({ body: { ...REQUEST, ...change } as typeof REQUEST });
  assert.equal(answer.mode, 'replay');
  return answer;
}

/** What happened to the account, without random ids. */
export function storyOf({ executor }: FakeStack) {
  const orders = executor.orders.map((order) => [
    order.decision_id,
    order.leg,
    order.side,
    order.quantity,
    order.status,
    order.average_price,
    order.fills.map(({ filled_ms: filledMs, price }) => [filledMs, price]),
  ]);
  return { orders, equity: executor.equity };
}

/** The same bars and answers through a backtest: its SHA-256 of the decision log, and its result. */
export function backtestOf(
  strategy: string,
  params: Record<string, number>,
  regimeAt: (openMs: number) => RegimeView | null,
  { bars, warmUp }: { readonly bars: readonly Bar[]; readonly warmUp: number } = { bars: BARS, warmUp: 40 },
) {
  const { lot_size: lot, tick_size: tick, notional_min: notional } = LIMITS.instruments[INSTRUMENT]!;
  const rules = instrumentRules([{ from_ms: 0, lot_size: lot, tick_size: tick, notional_min: notional }]);
  const found = STRATEGIES.get(strategy);
  assert.ok(found);
  const setup: CoreSetup = {
    account: 'backtest',
    currency: 'USD',
    startCash: START_CASH,
    streams: [{ id: STREAM, instrument: INSTRUMENT, timeframe: '1d', calendar: 'always', rules }],
    slots: [{ id: strategy, strategy: found, streams: [STREAM], modelUse: 'veto' }],
    sizing: DEFAULT_SIZING,
    selection: null,
    orders: DEFAULT_ORDERS,
    limits: LIMITS,
  };
  const lines: string[] = [];
  const result = runBacktest({
    setup,
    series: new Map([[STREAM, { series: BarSeries.of(bars), warmUp }]]),
    costs: PAPER_COSTS,
    answers: {
      regimeAt: (_stream, openMs) => {
        const regime = regimeAt(openMs);
        return { regime, missing: regime ? null : 'none' };
      },
      paramsAt: (_slot, _atMs, modelUsable) => ({
        params: {
          configId: '00000000-0000-4000-8000-000000000000',
          presetId: 'balanced',
          params,
          source: modelUsable ? 'chosen' : 'conservative',
          expiresMs: null,
        },
        missing: null,
      }),
    },
    record: (line) => void lines.push(line),
  });
  return { result, lines, sha256: sha256Hex(lines.map((line) => `${line}\n`).join('')) };
}
