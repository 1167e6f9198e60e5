/** One bar, named by its open time. Prices and volume are exact decimal text; see `normaliseDecimal`. */
export interface Bar {
  /** Open time, Unix ms UTC. */
  readonly openMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** The same bar as float64, for indicators and models. Never for money. */
export interface PriceBar {
  readonly openMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The float64 form of a bar. Text that is not a number becomes NaN. */
export function toPriceBar(bar: Bar): PriceBar {
  return {
    openMs: bar.openMs,
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
    volume: Number(bar.volume),
  };
}
