import { firstFrom, type BarSeries } from '../../bars/index.ts';
import { keepBars } from './map-bars.ts';
import type { Scenario } from './scenario.ts';

/** Chance of each bar to begin an outage, and the longest one in bars: about 2 % of the bars are missing. */
const OUTAGE_CHANCE = 0.004;
const OUTAGE_BARS_MAX = 10;

/** The series without the bars of seeded outages from this time on. */
function dropBars(series: BarSeries, fromMs: number, random: () => number): BarSeries {
  const first = firstFrom(series, fromMs);
  let missing = 0;
  return keepBars(series, (index) => {
    if (index < first) return true;
    if (missing === 0 && random() < OUTAGE_CHANCE) missing = 1 + Math.floor(random() * OUTAGE_BARS_MAX);
    if (missing === 0) return true;
    missing--;
    return false;
  });
}

export const DATA_SCENARIOS: readonly Scenario[] = [
  {
    name: 'missing_bars',
    description: 'About 2 % of the bars never came, in outages of 1 to 10 bars.',
    apply: (inputs) => ({
      ...inputs,
      series: new Map(
        [...inputs.series].map(([id, series]) => [id, dropBars(series, inputs.fromMs, inputs.random)]),
      ),
    }),
  },
  {
    name: 'delayed_data',
    description: 'Every bar is known one bar late: orders reach the venue one bar later.',
    apply: (inputs) => ({
      ...inputs,
      costs: { ...inputs.costs, latency_ms: inputs.costs.latency_ms + inputs.barMs },
    }),
  },
];
