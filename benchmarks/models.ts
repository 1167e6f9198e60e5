import { boost, predictTrees, type LabelledRows } from '@aistock/models/boosting';
import { fitGarch, type GarchFit } from '@aistock/models/garch';
import { fitTrend, type TrendFit } from '@aistock/models/kalman';
import { areaUnderCurve, classificationRows, returnsWithClusters } from './models/made-data.ts';
import { median } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const ROUNDS = 5;
const NO_PEER = 'no package that is installed here trains this';
/** What LightGBM 4.7 reaches on these rows with the same settings. */
const LIGHTGBM_AUC = 0.797_432_898;
const AUC_TOLERANCE = 0.005;

/** Gradient boosted trees on the rows of the published figures, and how long the other fits take. */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const train = classificationRows(2024, 4_000);
  const test = classificationRows(777, 4_000);
  const names = train.columns.map((_, feature) => `x${feature}`);
  const fit = () => boost(train, names, { rounds: 100 }).model;
  const trees = fit();
  proveQuality(predictTrees(trees, test.columns), test, say);
  const returns = returnsWithClusters(2_000);
  let level = 0;
  const prices = returns.map((each) => (level += each));
  return [
    row('boosted trees: 4,000 rows of 10, 100 rounds (aim: below 1,500)', 'ms', medianMs(fit)),
    row(
      'boosted trees: a row through 100 trees (aim: below 10)',
      'µs',
      (medianMs(() => predictTrees(trees, test.columns)) / test.labels.length) * 1_000,
    ),
    row(
      'GARCH(1,1): fit of 2,000 returns',
      'ms',
      medianMs((): GarchFit => fitGarch(returns)),
    ),
    row(
      'Kalman: variances of a trend of 2,000 prices',
      'ms',
      medianMs((): TrendFit => fitTrend('local_linear_trend', { prices })),
    ),
  ];
}

const row = (name: string, unit: string, ours: number): BenchmarkRow => ({
  name,
  ours,
  peer: null,
  peer_name: NO_PEER,
  ratio: null,
  unit,
  better: 'lower',
});

/** A fast model of nothing would be fast too. */
function proveQuality(predicted: Float64Array, { labels }: LabelledRows, say: Report): void {
  const area = areaUnderCurve(labels, predicted);
  say(`area under the curve ${area.toFixed(5)}, LightGBM's ${LIGHTGBM_AUC.toFixed(5)}`);
  if (!(Math.abs(area - LIGHTGBM_AUC) <= AUC_TOLERANCE))
    throw new Error(`the trees reach ${area}, not ${LIGHTGBM_AUC}`);
}

/** After one run that warms up. */
function medianMs(compute: () => unknown): number {
  compute();
  const times = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now();
    compute();
    return performance.now() - startedMs;
  });
  return median(times);
}
