import { filter, regimeOf, stateMeanings, type Hmm } from '@aistock/hmm-ts';
import { modelFeatures, type PriceBar } from '@aistock/market';
import type { FoldModel } from '@aistock/promotion';

/** What a regime model says at each bar, filtered over the bars up to it. */
export function foldModel(modelId: string, hmm: Hmm): FoldModel {
  const meanings = stateMeanings(hmm);
  return {
    regimes(bars: readonly PriceBar[]) {
      const { firstIndex, dimensions, values } = modelFeatures(bars);
      if (values.length === 0) return bars.map(() => null);
      const { filtered } = filter(hmm, { dimensions, values });
      return bars.map((_, index) => {
        const row = index - firstIndex;
        if (row < 0) return null;
        const { trend, risk } = regimeOf(
          meanings,
          filtered.subarray(row * hmm.states, (row + 1) * hmm.states),
        );
        return { modelId, hmmTrend: trend, hmmRisk: risk };
      });
    },
  };
}
