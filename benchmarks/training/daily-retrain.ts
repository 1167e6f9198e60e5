import { fit } from '@aistock/hmm-ts';
import { modelFeatures } from '@aistock/market';
import { median } from '../rounds.ts';
import { madeBars } from './made-bars.ts';

const WINDOW_BARS = 4_000;
const RETRAININGS = 20;
/** New bars between two of them. */
const STEP_BARS = 1;
const SEED = 99;

/**
 * A model that is retrained at every new bar on the newest 4,000, walking forward: features, twelve starts for each of two to
 * four states, and the choice of the number of states. The middle time of one, in ms.
 */
export function dailyRetrainMs(): number {
  const { open, high, low, close, volume } = madeBars(WINDOW_BARS + RETRAININGS * STEP_BARS, SEED);
  const bars = Array.from(close, (_, bar) => ({
    openMs: bar,
    open: open[bar]!,
    high: high[bar]!,
    low: low[bar]!,
    close: close[bar]!,
    volume: volume[bar]!,
  }));
  const times = Array.from({ length: RETRAININGS }, (_, round) => {
    const startedMs = performance.now();
    const from = (round + 1) * STEP_BARS;
    const rows = modelFeatures(bars.slice(from, from + WINDOW_BARS));
    [2, 3, 4].map((states) => fit(rows, { states })).toSorted((a, b) => a.bic - b.bic);
    return performance.now() - startedMs;
  });
  return median(times);
}
