import type { BarSeries } from '../bars/index.ts';
import { runBacktest } from '../backtest/index.ts';
import { DEFAULT_ORDERS } from '../core/index.ts';
import { FIXED_SIZING } from '../sizing/index.ts';
import type { Strategy, StrategyParams } from './strategy.ts';

/** Bars that are seen before the first decision. */
export const WARM_UP = 310;

/** The lines of the decision log of a strategy over five-minute bars, a stream for each leg. */
export function decisionLog(
  strategy: Strategy,
  params: StrategyParams,
  series: readonly BarSeries[],
): string[] {
  const ids = series.map((_, leg) => `test:X${leg}/USDT:5m`);
  const rules = [{ fromMs: 0, lotSize: '0.00000001', tickSize: '0.01', notionalMin: '0' }];
  const lines: string[] = [];
  runBacktest({
    setup: {
      account: 'test',
      currency: 'USDT',
      startCash: '1000000',
      streams: ids.map((id, leg) => ({
        id,
        instrument: `X${leg}/USDT`,
        timeframe: '5m',
        calendar: 'always',
        rules,
      })),
      slots: [{ id: 'slot', strategy, streams: ids, modelUse: 'off' }],
      sizing: FIXED_SIZING,
      selection: null,
      orders: DEFAULT_ORDERS,
      limits: null,
    },
    series: new Map(series.map((each, leg) => [ids[leg]!, { series: each, warmUp: WARM_UP }])),
    costs: {
      fees: { maker_bps: 1, taker_bps: 2, taken_in: 'quote' },
      spread: { type: 'bps', bps: 1 },
      slippage: { type: 'fixed', bps: 1 },
      latency_ms: 0,
      participation_max: null,
    },
    answers: {
      regimeAt: () => ({ regime: null, missing: 'none' }),
      paramsAt: () => ({
        params: {
          configId: '00000000-0000-4000-8000-000000000000',
          presetId: null,
          params,
          source: 'given',
          expiresMs: null,
        },
        missing: null,
      }),
    },
    record: (line) => void lines.push(line),
  });
  return lines;
}
