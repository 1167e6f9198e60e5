import { TIMEFRAME_MS, type Bar, type Timeframe } from '@aistock/market';
import type { BarSeries } from './bar-series.ts';
import { stepWalk, type TickBar, type WalkState, type WalkTerms } from './regimes.ts';
import { tickScale, type TickScale } from './tick-scale.ts';

/** Bars of a block are made together; between blocks only the state of the walk is kept. */
const BLOCK_BARS = 1024;
const BLOCKS_KEPT = 16;
const BARS_MAX = 10_000_000;
const MINUTE_MS = 60_000;
/** Decimals of a volume. */
const LOT_DECIMALS = 5;

/** What a generated market is made from: the same terms are the same bars. */
export interface GeneratorTerms {
  readonly seed: number;
  readonly timeframe: Timeframe;
  /** Open time of the first bar, Unix ms UTC, a multiple of the timeframe. */
  readonly startMs: number;
  /** How many bars, at most 10 million. */
  readonly bars: number;
  /** Where prices begin; 20000 unless told. */
  readonly firstPrice?: string;
  /** What prices are multiples of; 0.01 unless told. */
  readonly tickSize?: string;
}

/**
 * A market round the clock that switches between calm, rising, falling and wild times. The bar with a number depends on
 * the terms and its number only; what lies far ahead costs some 100 ns a bar once, and little memory.
 * @throws RangeError saying which term is wrong.
 */
export function generatedSeries(terms: GeneratorTerms): BarSeries {
  const { seed, timeframe, startMs, bars: length, firstPrice = '20000', tickSize = '0.01' } = terms;
  const stepMs = TIMEFRAME_MS[timeframe];
  if (!Number.isSafeInteger(startMs) || startMs < 0 || startMs % stepMs !== 0)
    throw new RangeError(`startMs must be a multiple of ${timeframe}`);
  if (!Number.isSafeInteger(length) || length < 1 || length > BARS_MAX)
    throw new RangeError(`bars must be from 1 to ${BARS_MAX}`);
  const scale = tickScale(tickSize);
  const walk: WalkTerms = { seed, firstTicks: scale.ticksOf(firstPrice), minutes: stepMs / MINUTE_MS };
  const blocks = blockWalk(walk);
  return {
    timeframe,
    length,
    openAt: (index) => startMs + index * stepMs,
    barAt: (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= length)
        throw new RangeError(`there is no bar ${index}`);
      const block = blocks(Math.floor(index / BLOCK_BARS));
      return textBar(startMs + index * stepMs, block[index % BLOCK_BARS]!, scale);
    },
    firstAt: (ms) => Math.min(Math.max(Math.ceil((ms - startMs) / stepMs), 0), length),
  };
}

function blockWalk(walk: WalkTerms): (number: number) => readonly TickBar[] {
  /** The state before each block that was reached so far. */
  const starts: WalkState[] = [{ ticks: walk.firstTicks, regime: 0 }];
  const kept = new Map<number, readonly TickBar[]>();
  const make = (number: number): readonly TickBar[] => {
    let state = starts[number]!;
    const bars: TickBar[] = [];
    for (let index = number * BLOCK_BARS; bars.length < BLOCK_BARS; index++) {
      const [bar, next] = stepWalk(walk, state, index);
      bars.push(bar);
      state = next;
    }
    starts[number + 1] ??= state;
    return bars;
  };
  return (number) => {
    const known = kept.get(number);
    if (known) return known;
    while (starts.length <= number) make(starts.length - 1);
    const bars = make(number);
    kept.set(number, bars);
    if (kept.size > BLOCKS_KEPT) kept.delete(kept.keys().next().value!);
    return bars;
  };
}

function textBar(openMs: number, bar: TickBar, scale: TickScale): Bar {
  return {
    openMs,
    open: scale.textOf(bar.open),
    high: scale.textOf(bar.high),
    low: scale.textOf(bar.low),
    close: scale.textOf(bar.close),
    volume: lotScale.textOf(bar.lots),
  };
}

const lotScale = tickScale(`0.${'1'.padStart(LOT_DECIMALS, '0')}`);
