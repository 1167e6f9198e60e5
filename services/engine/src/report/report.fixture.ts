import { BarSeries } from '@aistock/trading/bars';
import type { ClosedTrade } from '@aistock/trading/core';
import { blockDaysFor, bootstrapReturns, shuffleTrades } from '@aistock/trading/honesty';
import { dailyValues, performance, returnsOf } from '@aistock/trading/metrics';
import type { ReportInput } from './report-input.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2022, 0, 1);
const SHA256 = '9d1f0c6b1f4b8b0e0a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081';
const RUNS = 100;

/** For tests: prices that wander, minute by minute. */
function wander(count: number): BarSeries {
  const column = (value: (index: number) => number) =>
    Float64Array.from({ length: count }, (_, index) => value(index));
  const close = column((index) => 100 + 20 * Math.sin(index / 5000) + 3 * Math.sin(index / 37));
  return BarSeries.ofColumns({
    length: count,
    openMs: column((index) => START_MS + index * MINUTE_MS),
    open: close,
    high: close,
    low: close,
    close,
    volume: column(() => 1),
  });
}

function trade(bars: BarSeries, entry: number, exit: number): ClosedTrade {
  const [from, to] = [bars.close[entry]!, bars.close[exit]!];
  return {
    slot: 'slot',
    instrument: 'BTC/USDT',
    configId: '00000000-0000-4000-8000-000000000000',
    side: 'buy',
    quantity: '1.5',
    entryMs: bars.openMs[entry]!,
    entryPrice: String(from),
    exitMs: bars.openMs[exit]!,
    exitPrice: String(to),
    fees: '0.1',
    pnl: String(to - from),
    reward: to / from - 1,
  };
}

/** For tests: a report over so many minutes with so many trades, parts of it changed. */
export function reportOf(bars: number, trades: number, parts: Partial<ReportInput> = {}): ReportInput {
  const series = wander(bars);
  const step = Math.floor(bars / (trades + 1));
  const closed = Array.from({ length: trades }, (_, index) =>
    trade(series, index * step, (index + 1) * step - 1),
  );
  const atMs = series.openMs.map((openMs) => openMs + MINUTE_MS);
  const curve = { atMs, equity: series.close.map((value) => 1000 * value) };
  const costs = { fees: '12.5', slippage: '3', funding: '0', turnover: '50000' };
  const made = performance({
    curve,
    calendar: 'always',
    trades: closed,
    exposure: 0.5,
    costs,
    benchmark: series.close,
  });
  const days = dailyValues(atMs, curve.equity, 'always');
  const returns = returnsOf(days.start, days.values);
  const policy = {
    seed: 1,
    runs: RUNS,
    method: 'stationary',
    blockDays: blockDaysFor(returns.length),
  } as const;
  return {
    run: {
      runId: '0b7e1a52-5d3a-4c51-9a2e-2f6d1c9b7a10',
      study: 'single',
      createdMs: START_MS,
      seed: 1,
      codeVersion: '0.1.0',
      configSha256: SHA256,
      decisionLogSha256: SHA256,
      dataSha256: { 'binance:BTC/USDT:1m': SHA256 },
    },
    slots: [
      {
        id: 'slot',
        strategy: 'trend_following',
        streams: ['binance:BTC/USDT:1m'],
        params: { bars: 20 },
        modelUse: 'veto',
        modelId: '842fb970-0670-4f4d-b39a-f450aa793ed6',
      },
    ],
    currency: 'USDT',
    calendar: 'always',
    performance: made,
    curve,
    charts: [{ stream: 'binance:BTC/USDT:1m', instrument: 'BTC/USDT', bars: series, regimes: [] }],
    trades: closed,
    orders: ordersOf(trades),
    denials: {},
    reasons: { no_breakout: 90, breakout: 10 },
    costs,
    warnings: [{ code: 'no_limits', severity: 'warning', detail: 'No risk limits were set.', numbers: {} }],
    trials: 3,
    deflatedSharpe: 0.5,
    shuffle: shuffleTrades(closed, curve.equity[0]!, policy),
    bootstrap: bootstrapReturns(returns, 365, policy),
    study: { type: 'single' },
    ...parts,
  };
}

function ordersOf(trades: number): ReportInput['orders'] {
  const filled = 2 * trades;
  return {
    sent: filled,
    denied: 0,
    filled,
    expired: 0,
    cancelled: 0,
    exits_filled: 0,
    fills: filled,
    stale_fills: 0,
  };
}
