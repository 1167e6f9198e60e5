import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars } from '@aistock/market';
import { BarSeries, type BarColumns } from '@aistock/trading/bars';

const BARS_SHORT = 65_741;
const STEP_MS = 300_000;
const FILE = 'bars/nfi-binance-spot/BTC-USDT/5m.csv.gz';

/** Five-minute bars: the real ones of BTC/USDT where MARKET_DATA_DIR has them, else as many of a seeded random walk. */
export function shortSeries(): BarSeries {
  const folder = process.env['MARKET_DATA_DIR'];
  if (folder === undefined) return BarSeries.ofColumns(walk(BARS_SHORT));
  const text = gunzipSync(readFileSync(join(folder, FILE))).toString('utf8');
  return BarSeries.of(parseCsvBars(text, { calendar: 'always' }));
}

/** The same bars over and over, with contiguous times. */
export function repeated(series: BarColumns, length: number): BarSeries {
  const fill = (column: Float64Array) =>
    Float64Array.from({ length }, (_, index) => column[index % series.length]!);
  const firstMs = series.openMs[0]!;
  return BarSeries.ofColumns({
    length,
    openMs: Float64Array.from({ length }, (_, index) => firstMs + index * STEP_MS),
    open: fill(series.open),
    high: fill(series.high),
    low: fill(series.low),
    close: fill(series.close),
    volume: fill(series.volume),
  });
}

/** Prices in whole cents from a linear congruential generator (Numerical Recipes, 1992). */
function walk(length: number): BarColumns {
  let state = 1;
  const chance = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const column = () => new Float64Array(length);
  const bars = {
    length,
    openMs: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let cents = 1_000_000;
  for (let index = 0; index < length; index++) {
    const open = cents;
    cents = Math.max(100, Math.round(cents * (1 + (chance() - 0.5) * 0.004)));
    bars.openMs[index] = index * STEP_MS;
    bars.open[index] = open / 100;
    bars.close[index] = cents / 100;
    bars.high[index] = Math.max(open, cents) / 100;
    bars.low[index] = Math.min(open, cents) / 100;
    bars.volume[index] = 1 + Math.floor(chance() * 1_000);
  }
  return bars;
}
