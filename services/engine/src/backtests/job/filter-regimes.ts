import { modelFromJson, regimeOf, streamFilter, stateMeanings } from '@aistock/hmm-ts';
import { modelFeatures, type PriceBar } from '@aistock/market';
import type { RegimeColumns } from './run-job.ts';
import { seriesOf, type SharedSeries } from './shared-series.ts';

export interface FilterTerms extends Pick<RegimeColumns, 'modelId' | 'trainedToMs' | 'expiresMs'> {
  readonly artefact: unknown;
  /** From the bar that the model's filter begins with. */
  readonly bars: SharedSeries;
}

/** The regimes of past bars as the model filters them: the numbers that GET /regime gives, without a call for every bar. */
export function filterRegimes({ artefact, bars: shared, ...told }: FilterTerms): RegimeColumns {
  const bars = priceBars(shared);
  const hmm = modelFromJson(artefact);
  const meanings = stateMeanings(hmm);
  const filter = streamFilter(hmm);
  const { firstIndex, dimensions, values } = modelFeatures(bars);
  const count = Math.max(0, bars.length - firstIndex);
  const columns = {
    openMs: new Float64Array(count),
    trend: new Float64Array(count),
    risk: new Float64Array(count),
  };
  let state = filter.initial;
  for (let row = 0; row < count; row++) {
    state = filter.filterStep(state, values.subarray(row * dimensions, (row + 1) * dimensions));
    const { trend, risk } = regimeOf(meanings, state.probabilities);
    columns.openMs[row] = bars[firstIndex + row]!.openMs;
    columns.trend[row] = trend;
    columns.risk[row] = risk;
  }
  return { ...told, ...columns };
}

function priceBars(shared: SharedSeries): PriceBar[] {
  const { length, openMs, open, high, low, close, volume } = seriesOf(shared);
  return Array.from({ length }, (_, index) => ({
    openMs: openMs[index]!,
    open: open[index]!,
    high: high[index]!,
    low: low[index]!,
    close: close[index]!,
    volume: volume[index]!,
  }));
}
