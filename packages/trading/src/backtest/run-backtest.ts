import { BarCursor } from '../bars/index.ts';
import { createCore, type ClosedTrade } from '../core/index.ts';
import { toWire } from '../portfolio/index.ts';
import { BacktestRun } from './backtest-run.ts';
import { EquityCurve } from './equity-curve.ts';
import { MergedBars } from './merged-bars.ts';
import { settleAtEnd } from './settle-at-end.ts';
import type { BacktestResult, BacktestTerms } from './terms.ts';

/** Closes between two calls of `progress`. */
const PROGRESS_CLOSES = 8_192;

/**
 * Runs the engine's core over past bars: the same decisions as live, orders judged by the risk gate's rules, fills by
 * `matchBar`. Time goes from close to close; at each first the bars that close fill what waits, then they are seen, then it is
 * decided. Its cost is a few operations a bar and some microseconds an order.
 * @throws RangeError for terms that do not fit together.
 */
export function runBacktest(terms: BacktestTerms): BacktestResult {
  const bars = new MergedBars(terms.setup.streams, terms.series);
  const cursors = new Map(
    bars.tracks.map(({ setup, data }) => [setup.id, new BarCursor(data.series, data.warmUp)]),
  );
  const core = createCore(terms.setup, cursors, terms.start?.snapshot);
  const equityStart = core.books.equity ?? terms.setup.startCash;
  const wasHolding = core.isHolding;
  const run = new BacktestRun(terms, core, bars);
  const length = bars.length;
  const curve = new EquityCurve(length + 1);
  const trades: ClosedTrade[] = [];
  if (bars.firstOpenMs !== undefined) curve.add(bars.firstOpenMs, Number(equityStart), wasHolding);
  for (let atMs = run.nextMs(); atMs !== Infinity; atMs = run.nextMs()) {
    const isByClock = atMs < bars.nextCloseMs();
    run.passTo(atMs);
    if (isByClock) continue; // nothing has moved
    curve.add(atMs, core.equity ?? NaN, core.isHolding);
    trades.push(...core.takeTrades());
    if (terms.progress && curve.closes % PROGRESS_CLOSES === 0) terms.progress(run.barsPassed / length);
  }
  const settled = terms.settleAtEnd ? settleAtEnd(core, bars, run.tally, terms) : 0;
  if (settled > 0) {
    curve.endAt(core.equity ?? NaN);
    trades.push(...core.takeTrades());
  }
  terms.progress?.(1);
  return {
    closes: curve.closes,
    bars: length,
    equityStart: toWire(equityStart),
    equityEnd: toWire(core.books.equity ?? equityStart),
    equityMs: curve.atMs,
    equity: curve.equity,
    exposure: curve.exposure,
    trades,
    orders: run.tally.orders,
    denials: run.tally.denials,
    reasons: Object.fromEntries(core.reasonCounts),
    costs: run.tally.costs,
    openAtEnd: core.isHolding,
    settled,
  };
}
