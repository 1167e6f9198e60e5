import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { BarSeries } from '../bars/index.ts';
import {
  BAR_MS,
  enter,
  HOLD,
  leave,
  oneSlot,
  PARAMS,
  scripted,
  signal,
  stream,
} from '../core/desk.fixture.ts';
import type { CoreSetup, SlotParams } from '../core/index.ts';
import type { Strategy } from '../strategies/index.ts';
import { runBacktest, type BacktestTerms } from './index.ts';
import { FREE, LIMITS } from './reference.fixture.ts';

const bar = (index: number, open: number, close: number, barMs = BAR_MS): Bar => ({
  openMs: index * barMs,
  open: open.toFixed(2),
  high: (Math.max(open, close) + 1).toFixed(2),
  low: (Math.min(open, close) - 1).toFixed(2),
  close: close.toFixed(2),
  volume: '100',
});
const course = (...closes: number[]): BarSeries =>
  BarSeries.of(closes.map((close, index) => bar(index, closes[index - 1] ?? close, close)));

/** Buys when the close rose, sells when it fell. */
const follower = scripted(
  ({ legs: [{ bars, position }] }) => {
    const rose = bars.close(0) - bars.close(1);
    if (rose > 0 && !position) return signal('rose', enter());
    return rose < 0 && position ? signal('fell', leave()) : HOLD;
  },
  { lookbackBars: () => 2 },
);

function terms(strategy: Strategy, series: BarSeries, changes: Partial<BacktestTerms> = {}): BacktestTerms {
  const setup = changes.setup ?? oneSlot(strategy);
  return {
    setup,
    series: new Map(setup.streams.map(({ id }) => [id, { series, warmUp: 0 }])),
    costs: FREE,
    answers: {
      regimeAt: () => ({ regime: null, missing: 'none' }),
      paramsAt: () => ({ params: PARAMS, missing: null }),
    },
    record: null,
    ...changes,
  };
}

test('what is decided at a close fills at the next open, in decimals, after fees', () => {
  const fees = { maker_bps: 10, taker_bps: 10, taken_in: 'quote' as const };
  const result = runBacktest(terms(follower, course(100, 110, 120, 110, 100), { costs: { ...FREE, fees } }));
  // Rises at the second close: 1000 × 0.5 / 110 = 4.545 lots, filled at 110; falls at the fourth, sold at 110.
  assert.deepEqual(result.trades, [
    {
      slot: 'slot',
      instrument: 'BTC/USDT',
      configId: 'config',
      side: 'buy',
      quantity: '4.545',
      entryMs: 2 * BAR_MS,
      entryPrice: '110',
      exitMs: 4 * BAR_MS,
      exitPrice: '110',
      fees: '0.9999',
      pnl: '-0.9999',
      reward: -0.9999 / 499.95,
    },
  ]);
  assert.deepEqual([result.equityStart, result.equityEnd], ['1000', '999.0001']);
  assert.deepEqual(
    [...result.equityMs],
    [0, 1, 2, 3, 4, 5].map((index) => index * BAR_MS),
  );
  assert.deepEqual(
    [...result.equity].map((value) => Number(value.toFixed(4))),
    [1000, 1000, 1000, 1044.95, 999.5, 999.0001].map((value) => Number(value.toFixed(4))),
  );
  assert.deepEqual([result.bars, result.closes, result.exposure], [5, 5, 2 / 5]);
  assert.deepEqual(result.orders, {
    sent: 2,
    denied: 0,
    filled: 2,
    expired: 0,
    cancelled: 0,
    exitsFilled: 0,
    fills: 2,
    staleFills: 0,
  });
  assert.deepEqual(result.costs, {
    fees: '0.9999',
    slippage: '0',
    funding: '0',
    turnover: '999.9',
  });
  assert.deepEqual(result.reasons, { warming_up: 1, rose: 1, waiting: 2, fell: 1 });
  assert.equal(result.openAtEnd, false);
});

test('what is open at the end is marked at the last close, and is no trade', () => {
  const result = runBacktest(terms(follower, course(100, 110, 120, 130)));
  assert.deepEqual(result.trades, []);
  assert.deepEqual([result.equityEnd, result.openAtEnd, result.settled], ['1090.9', true, 0]);
});

test('a period that has to end leaves what is open at the last close, with the costs of leaving it', () => {
  const costs: BacktestTerms['costs'] = {
    ...FREE,
    fees: { maker_bps: 0, taker_bps: 10, taken_in: 'quote' },
    spread: { type: 'bps', bps: 20 },
    slippage: { type: 'fixed', bps: 10 },
  };
  const series = course(100, 110, 120, 130);
  const settled = runBacktest(terms(follower, series, { costs, settleAtEnd: true }));
  // 4.545 lots at 110 and 20 bps against it; left at 130, again 20 bps against it; 10 bps of fees a side.
  const [entry, exit] = [110 * 1.002, 130 * 0.998];
  const fees = 0.001 * 4.545 * (entry + exit);
  assert.equal(settled.trades.length, 1);
  const [trade] = settled.trades;
  assert.deepEqual([trade?.exitMs, trade?.exitPrice, trade?.configId], [4 * BAR_MS, '129.74', 'config']);
  assert.ok(Math.abs(Number(trade?.pnl) - (4.545 * (exit - entry) - fees)) < 1e-9);
  assert.ok(Math.abs(Number(settled.equityEnd) - 1000 - Number(trade?.pnl)) < 1e-9);
  assert.equal(settled.equity.at(-1), Number(settled.equityEnd));
  assert.ok(Math.abs(Number(settled.costs.fees) - fees) < 1e-9);
  assert.deepEqual([settled.openAtEnd, settled.settled, settled.orders.fills], [false, 1, 1]);
  const marked = runBacktest(terms(follower, series, { costs }));
  assert.ok(Number(settled.equityEnd) < Number(marked.equityEnd));
  const flat = runBacktest(terms(follower, course(130, 120, 110), { costs, settleAtEnd: true }));
  assert.deepEqual([flat.settled, flat.equityEnd], [0, '1000']);
});

const staleOf = (changed: readonly Bar[]) =>
  runBacktest(terms(follower, BarSeries.of(changed))).orders.staleFills;

test('fills in bars without volume and right after missing bars are counted', () => {
  const bars = [100, 110, 120, 110, 100].map((close, index, all) =>
    bar(index, all[index - 1] ?? close, close),
  );
  assert.equal(staleOf(bars), 0);
  assert.equal(staleOf(bars.map((each, index) => (index === 2 ? { ...each, volume: '0' } : each))), 1);
  assert.equal(staleOf(bars.map((each, index) => (index < 4 ? each : bar(index + 1, 110, 100)))), 1);
});

test('it decides the same whether its log is kept or not', () => {
  const series = course(...Array.from({ length: 300 }, (_, index) => 100 + 20 * Math.sin(index * index)));
  const lines: string[] = [];
  const kept = runBacktest(terms(follower, series, { record: (line) => lines.push(line) }));
  assert.deepEqual(kept, runBacktest(terms(follower, series)));
  assert.equal(lines.length, 300);
  assert.ok(kept.trades.length > 50);
});

test('bars of the warm-up are seen and not traded', () => {
  const series = course(100, 110, 120, 130);
  const [id] = terms(follower, series).series.keys();
  const result = runBacktest(terms(follower, series, { series: new Map([[id!, { series, warmUp: 2 }]]) }));
  assert.deepEqual([result.bars, result.closes, result.equityMs[0]], [2, 2, 2 * BAR_MS]);
  assert.deepEqual(result.reasons, { rose: 1, waiting: 1 });
});

test('orders are judged by the rules of the gate, over what the account has and has asked for', () => {
  const judged = runBacktest(
    terms(follower, course(100, 110, 120, 110), { setup: oneSlot(follower, { limits: LIMITS }) }),
  );
  assert.deepEqual(judged.denials, { quantity_off_lot: 2 });
  assert.deepEqual([judged.orders.sent, judged.orders.denied, judged.orders.filled], [2, 2, 0]);
  const rules = [{ fromMs: 0, lotSize: '0.01', tickSize: '0.01', notionalMin: '0' }];
  const onLot = oneSlot(follower, { limits: LIMITS, streams: [stream('BTC/USDT', { rules })] });
  assert.equal(
    runBacktest(terms(follower, course(100, 110, 120, 110, 100), { setup: onLot })).trades.length,
    1,
  );
});

test('an entry that the cash does not carry at its open is dropped by the venue', () => {
  const all = scripted(() => signal('up', enter({ equityFraction: 1 })));
  const series = BarSeries.of([bar(0, 100, 100), bar(1, 120, 120)]);
  const result = runBacktest(terms(all, series));
  assert.deepEqual([result.orders.expired, result.orders.filled, result.equityEnd], [1, 0, '1000']);
});

test('a limit order that is not wished for again is cancelled before the next bar', () => {
  const once = scripted(({ legs: [{ bars }] }) =>
    bars.count === 1 ? signal('up', enter({ style: { type: 'limit', limitPrice: 90 } })) : HOLD,
  );
  const result = runBacktest(terms(once, course(100, 100, 80)));
  assert.deepEqual([result.orders.cancelled, result.orders.filled], [1, 0]);
});

test('a bracket leaves at its stop, and its entry may not be wished for at once', () => {
  const once = scripted(({ legs: [{ bars }] }) =>
    bars.count === 1 ? signal('up', enter({ protection: { stopPrice: 90, targetPrice: 130 } })) : HOLD,
  );
  const result = runBacktest(terms(once, course(100, 100, 80, 140)));
  assert.deepEqual(
    result.trades.map(({ entryPrice, exitPrice, exitMs }) => [entryPrice, exitPrice, exitMs]),
    [['100', '90', 2 * BAR_MS]],
  );
  assert.equal(result.openAtEnd, false);
});

test('streams pass by the close of their bars, then by their ids; a slot decides at its own closes', () => {
  const long = stream('ETH/USDT', { id: 'sim:ETH/USDT:1h', timeframe: '1h' });
  const seen: string[] = [];
  const watch = (name: string) =>
    scripted(({ legs: [{ bars }] }) => {
      seen.push(`${name} ${bars.openMs(0) / BAR_MS}`);
      return HOLD;
    });
  const one = oneSlot(follower);
  const setup: CoreSetup = {
    ...one,
    streams: [long, ...one.streams],
    slots: [
      { ...one.slots[0]!, id: 'slow', strategy: watch('slow'), streams: [long.id] },
      { ...one.slots[0]!, id: 'fast', strategy: watch('fast') },
    ],
  };
  const fast = BarSeries.of(Array.from({ length: 13 }, (_, index) => bar(index, 100, 100)));
  const slow = BarSeries.of([bar(0, 10, 10, 12 * BAR_MS)]);
  const series = new Map([
    [long.id, { series: slow, warmUp: 0 }],
    [one.streams[0]!.id, { series: fast, warmUp: 0 }],
  ]);
  const result = runBacktest(terms(follower, fast, { setup, series }));
  assert.deepEqual(seen, [
    ...Array.from({ length: 11 }, (_, index) => `fast ${index}`),
    'slow 0',
    'fast 11',
    'fast 12',
  ]);
  assert.deepEqual([result.closes, result.bars], [13, 14]);
});

const rate = (index: number, shift = 0) => ({
  at_ms: index * BAR_MS + shift,
  rate: '0.01',
  mark_price: '100',
});

test('funding is paid by what is held at its time, and by nothing else', () => {
  const run = (...funding: ReturnType<typeof rate>[]) => {
    const series = course(100, 110, 120, 110, 100, 100);
    const [id] = terms(follower, series).series.keys();
    return runBacktest(terms(follower, series, { series: new Map([[id!, { series, warmUp: 0, funding }]]) }));
  };
  // Held from the open of the third bar to the open of the fifth: 4.545 lots.
  assert.equal(run(rate(2)).costs.funding, '0');
  assert.equal(run(rate(2, 1)).costs.funding, '4.545');
  assert.equal(run(rate(4)).costs.funding, '4.545');
  assert.equal(run(rate(4, 1)).costs.funding, '0');
  const both = run(rate(3), rate(4));
  assert.equal(both.costs.funding, '9.09');
  assert.equal(both.equityEnd, '990.91');
  assert.equal(both.trades[0]!.pnl, '-9.09');
});

test('what others answer is asked for at each close, regimes before parameters', () => {
  const asked: string[] = [];
  const conservative: SlotParams = { ...PARAMS, source: 'conservative' };
  const one = oneSlot(follower);
  const setup: CoreSetup = { ...one, slots: [{ ...one.slots[0]!, modelUse: 'veto' }] };
  const result = runBacktest(
    terms(follower, course(100, 110, 120), {
      setup,
      answers: {
        regimeAt: (id, openMs) => {
          asked.push(`regime ${id} ${openMs / BAR_MS}`);
          return { regime: null, missing: 'expired' };
        },
        paramsAt: (slot, atMs, modelUsable) => {
          asked.push(`params ${slot} ${atMs / BAR_MS} ${modelUsable}`);
          return { params: conservative, missing: null };
        },
        qualityAt: (_, openMs) => (openMs === BAR_MS ? 'block' : 'pass'),
      },
    }),
  );
  assert.deepEqual(asked, [
    'regime sim:BTC/USDT:5m 0',
    'params slot 1 false',
    'regime sim:BTC/USDT:5m 1',
    'regime sim:BTC/USDT:5m 2',
  ]);
  assert.deepEqual(result.reasons, { warming_up: 1, rose: 2, stream_blocked: 1, model_expired: 2 });
});

test('progress is told, and terms that do not fit together are refused', () => {
  const shares: number[] = [];
  const series = course(...Array.from({ length: 10_000 }, () => 100));
  runBacktest(terms(follower, series, { progress: (share) => shares.push(share) }));
  assert.deepEqual(shares, [0.8192, 1]);
  assert.throws(() => runBacktest(terms(follower, series, { series: new Map() })), RangeError);
  const [id] = terms(follower, series).series.keys();
  const late = new Map([[id!, { series, warmUp: 10_001 }]]);
  assert.throws(() => runBacktest(terms(follower, series, { series: late })), RangeError);
});

test('bars that are not traded may not close after one that is', () => {
  const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
  const setup = oneSlot(follower, { streams });
  const series = course(100, 110, 120);
  const data = new Map([
    [streams[0]!.id, { series, warmUp: 1 }],
    [streams[1]!.id, { series, warmUp: 2 }],
  ]);
  assert.throws(() => runBacktest(terms(follower, series, { setup, series: data })), /warms up past/);
});
