import type { PriceBar } from '@aistock/market';
import { BarCursor, BarSeries } from '../bars/index.ts';
import type {
  Holding,
  Hold,
  LegView,
  Signal,
  Strategy,
  StrategyContext,
  StrategyParams,
} from './strategy.ts';

const MINUTE_MS = 60_000;

/** Bars from time 0, a minute long, of a height of 2 around the closes and with a volume of 1, where nothing else is said. */
export function seriesOf(
  closes: readonly number[],
  volumes: readonly number[] = [],
  barMs = MINUTE_MS,
): BarSeries {
  return BarSeries.of(
    closes.map((close, index) => ({
      openMs: index * barMs,
      open: String(close),
      high: String(close + 1),
      low: String(close - 1),
      close: String(close),
      volume: String(volumes[index] ?? 1),
    })),
  );
}

export const viewOf = (closes: readonly number[]): BarCursor => wholeView(seriesOf(closes));

export const wholeView = (series: BarSeries): BarCursor => new BarCursor(series, series.length);

/** A view that shows only the newest bars of another, as the whole series. */
export function tailOf({ series, count }: BarCursor, length: number): BarCursor {
  const first = Math.max(0, count - length);
  return wholeView(
    BarSeries.of(Array.from({ length: count - first }, (_, index) => series.exact(first + index))),
  );
}

/** Bars as they are, for indicators. */
export function viewOfBars(bars: readonly PriceBar[]): BarCursor {
  return wholeView(
    BarSeries.of(
      bars.map(({ openMs, open, high, low, close, volume }) => ({
        openMs,
        open: String(open),
        high: String(high),
        low: String(low),
        close: String(close),
        volume: String(volume),
      })),
    ),
  );
}

export const heldAt = (entryPrice: number, terms: Partial<Holding> = {}): Holding => ({
  entryMs: 0,
  entryPrice,
  quantity: 1,
  barsHeld: 1,
  ...terms,
});

export const legOf = (bars: BarCursor, position?: Holding, rules: LegView['rules'] = null): LegView => ({
  instrument: 'X',
  bars,
  position,
  rules,
});

/** What a strategy makes of its legs, with an equity of 1000 and bars of a minute where nothing else is said. */
export function decideOn<P extends StrategyParams>(
  strategy: Strategy<P>,
  params: P,
  legs: StrategyContext<P>['legs'],
  terms: { readonly equity?: number | null; readonly barMs?: number } = {},
): Signal | Hold {
  return strategy.decide({ legs, regime: undefined, params, equity: 1_000, barMs: MINUTE_MS, ...terms });
}

/** The reason of a signal, or the code of a hold after `hold `. */
export const reasonOf = (decided: Signal | Hold): string =>
  'hold' in decided ? `hold ${decided.hold}` : decided.reason;
