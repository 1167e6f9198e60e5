import { firstFrom, type BarSeries } from '../../bars/index.ts';
import { mapBars, type Prices } from './map-bars.ts';
import type { Scenario, ScenarioInputs } from './scenario.ts';

/** Gaps in the period, one at a seeded place in each part of equal length. */
const GAPS = 4;

/**
 * The moves of the period as many times as large, its mean logarithmic return kept: for each price x of a bar after a
 * close c, ln(x'/c') = mean + factor · (ln(x/c) − mean). Highs stay highs, since the map is monotonic.
 */
export function scaleVolatility(series: BarSeries, fromMs: number, factor: number): BarSeries {
  const first = Math.max(1, firstFrom(series, fromMs));
  const moves = series.length - first;
  if (moves <= 0) return series;
  const mean = Math.log(series.close[series.length - 1]! / series.close[first - 1]!) / moves;
  let close = series.close[first - 1]!;
  return mapBars(series, (bar, index, before) => {
    if (index < first || before === undefined) return bar;
    const moved = (price: number): number =>
      close * Math.exp(mean + factor * (Math.log(price / before.close) - mean));
    const changed = {
      open: moved(bar.open),
      high: moved(bar.high),
      low: moved(bar.low),
      close: moved(bar.close),
      volume: bar.volume,
    };
    close = changed.close;
    return changed;
  });
}

/** Every price from each of these bars on stands so much higher (or lower): the market opened there. */
export function insertGaps(series: BarSeries, at: readonly number[], share: number): BarSeries {
  let factor = 1;
  return mapBars(series, (bar, index) => {
    if (at.includes(index)) factor *= 1 + share;
    return factor === 1 ? bar : scaled(bar, factor);
  });
}

function scaled(bar: Prices, factor: number): Prices {
  return {
    open: bar.open * factor,
    high: bar.high * factor,
    low: bar.low * factor,
    close: bar.close * factor,
    volume: bar.volume,
  };
}

/** Every stream gaps at the same times, as markets do. */
function withGaps(inputs: ScenarioInputs, share: number): ScenarioInputs {
  const places = Array.from({ length: GAPS }, (_, part) => (part + inputs.random()) / GAPS);
  return eachSeries(inputs, (series) => {
    const first = firstFrom(series, inputs.fromMs);
    const at = places.map((place) => first + Math.floor(place * (series.length - first)));
    return insertGaps(series, at, share);
  });
}

function eachSeries(inputs: ScenarioInputs, change: (series: BarSeries) => BarSeries): ScenarioInputs {
  const series = new Map([...inputs.series].map(([id, bars]) => [id, change(bars)]));
  return { ...inputs, series };
}

export const PRICE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'volatility_x2',
    description: 'Every move twice as large, with the same mean return.',
    apply: (inputs) => eachSeries(inputs, (series) => scaleVolatility(series, inputs.fromMs, 2)),
  },
  {
    name: 'gap_up',
    description: `The market gaps up by 10 % at ${GAPS} times, and stays there.`,
    apply: (inputs) => withGaps(inputs, 0.1),
  },
  {
    name: 'gap_down',
    description: `The market gaps down by 10 % at ${GAPS} times, and stays there.`,
    apply: (inputs) => withGaps(inputs, -0.1),
  },
];
