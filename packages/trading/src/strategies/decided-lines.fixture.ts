import { BarCursor, type BarSeries } from '../bars/index.ts';
import type { Hold, Holding, Signal, Strategy, StrategyParams } from './strategy.ts';

/** A strategy over whole series, each order filled at once: what was decided at each bar, as text. */
export interface Replay {
  readonly strategy: Strategy;
  readonly params: StrategyParams;
  /** Of each leg, with bars at the same times. */
  readonly series: readonly BarSeries[];
  readonly barMs: number;
}

const EQUITY = 1_000;

export function decidedLines({ strategy, params, series, barMs }: Replay): string[] {
  const lookback = strategy.lookbackBars(params);
  const cursors = series.map((each) => new BarCursor(each));
  const held: (Holding | undefined)[] = series.map(() => undefined);
  const lines: string[] = [];
  for (let bar = 1; bar <= series[0]!.length; bar++) {
    for (const cursor of cursors) cursor.reveal();
    if (bar < lookback) continue;
    const [first, ...others] = cursors.map((bars, leg) => ({
      instrument: `${leg}`,
      bars,
      position: held[leg],
    }));
    const context = { regime: undefined, params, equity: EQUITY, barMs };
    const decided = strategy.decide({ ...context, legs: [first!, ...others] });
    lines.push(JSON.stringify(decided));
    for (const [leg, bars] of cursors.entries()) {
      const position = held[leg];
      held[leg] = fill(decided, leg, bars, position && { ...position, barsHeld: position.barsHeld + 1 });
    }
  }
  return lines;
}

/** What is held after a decision. A quote to buy fills at a bar that fell, and one to sell at one that rose. */
function fill(
  decided: Signal | Hold,
  leg: number,
  bars: BarCursor,
  position: Holding | undefined,
): Holding | undefined {
  if ('hold' in decided) return position;
  const close = bars.close(0);
  let quantity = position?.quantity ?? 0;
  for (const wish of decided.wishes) {
    if (wish.leg !== leg) continue;
    if (wish.kind === 'exit') quantity = 0;
    const fell = bars.count > 1 && close < bars.close(1);
    const sizes =
      wish.kind === 'enter'
        ? [wish]
        : wish.kind === 'quote'
          ? wish.quotes.filter(({ side }) => (side === 'buy') === fell)
          : [];
    for (const { side, equityFraction } of sizes)
      quantity += ((side === 'buy' ? 1 : -1) * equityFraction * EQUITY) / close;
  }
  if (quantity === 0) return undefined;
  return { entryMs: bars.openMs(0), entryPrice: close, barsHeld: 1, ...position, quantity };
}
