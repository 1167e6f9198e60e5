import { closeMs, type Bar } from '@aistock/market';
import { BarSeries } from '../../bars/index.ts';
import type { BacktestSeries } from '../../backtest/index.ts';
import type { StreamSetup } from '../../core/index.ts';
import type { BarsByStream, ShadowDay } from '../shadow-day.ts';

/** The bars of a stream that a run of the day uses: those that warm up, and those that are traded. */
export interface StreamBars {
  readonly seen: readonly Bar[];
  readonly traded: readonly Bar[];
}

export type DayBars = ReadonlyMap<string, StreamBars>;

/** The bars as the session was told them. */
export function toldBars(day: ShadowDay): DayBars {
  const told = new Map(day.setup.streams.map(({ id }): [string, Bar[]] => [id, []]));
  for (const { events } of day.closes)
    for (const event of events) if (event.type === 'bar') told.get(event.stream)?.push(event.bar);
  return barsOf(day, told);
}

/**
 * The day with other bars. The state that the day begins with belongs to bars that were seen before: they keep their times,
 * and have the other prices where there are any.
 */
export function barsOf({ setup, start, closes }: ShadowDay, bars: BarsByStream): DayBars {
  const range = { fromMs: start.closeMs ?? -Infinity, toMs: closes.at(-1)!.closeMs };
  return new Map(
    setup.streams.map((stream) => {
      const given = bars.get(stream.id) ?? [];
      const seen = start.bars.get(stream.id) ?? [];
      const byOpen = new Map(given.map((bar) => [bar.openMs, bar]));
      const newestMs = seen.at(-1)?.openMs ?? -Infinity;
      const traded = given.filter((bar) => bar.openMs > newestMs && closesWithin(stream, bar, range));
      return [stream.id, { seen: seen.map((bar) => byOpen.get(bar.openMs) ?? bar), traded }];
    }),
  );
}

/** A bar that closes no later than the last decision of the day before cannot be traded any more. */
function closesWithin(
  { timeframe, calendar }: StreamSetup,
  bar: Bar,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): boolean {
  const atMs = closeMs(bar.openMs, timeframe, calendar);
  return atMs > fromMs && atMs <= toMs;
}

export function seriesOf(bars: DayBars): Map<string, BacktestSeries> {
  return new Map(
    [...bars].map(([id, { seen, traded }]) => [
      id,
      { series: BarSeries.of([...seen, ...traded]), warmUp: seen.length },
    ]),
  );
}

/** The newest close of each stream that has bars, decimal text. */
export function marksOf(bars: DayBars): ReadonlyMap<string, string> {
  const marks = new Map<string, string>();
  for (const [id, { seen, traded }] of bars) {
    const newest = traded.at(-1) ?? seen.at(-1);
    if (newest) marks.set(id, newest.close);
  }
  return marks;
}

/** Whether two runs would see the very same bars. */
export function sameBars(a: DayBars, b: DayBars): boolean {
  return [...a].every(([id, { seen, traded }]) => {
    const other = b.get(id)!;
    return areSame(seen, other.seen) && areSame(traded, other.traded);
  });
}

const PARTS = ['openMs', 'open', 'high', 'low', 'close', 'volume'] as const;

function areSame(a: readonly Bar[], b: readonly Bar[]): boolean {
  return (
    a.length === b.length && a.every((bar, index) => PARTS.every((part) => bar[part] === b[index]![part]))
  );
}
