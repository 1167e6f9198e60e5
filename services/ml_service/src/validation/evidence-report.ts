import type { MeanDifference, PerformanceEvidence } from '@aistock/promotion';
import type { Validation } from './validate.ts';

/** Points of an equity curve that are kept. */
const POINTS_MAX = 500;

/** What a challenger showed, as plain JSON for its report. */
export function evidenceReport({ evidence, strategies }: Validation) {
  const { memory, calibrations, drifts, champion, leak } = evidence;
  return {
    holdout_bars: evidence.holdoutBars,
    quality: evidence.quality,
    leak,
    over_one_state: difference(evidence.overOneState),
    memory: memory.map(({ horizonBars, holdout, train }) => ({
      horizon_bars: horizonBars,
      holdout: difference(holdout),
      train: difference(train),
    })),
    calibrations: calibrations.map((each) => {
      if (!each) return null;
      const { brierOfBaseRate, ...told } = each;
      return { ...told, brier_of_base_rate: brierOfBaseRate };
    }),
    drifts: drifts.map(
      (each) =>
        each && {
          feature: each.feature,
          psi: each.psi,
          psi_of_chance: each.psiOfChance,
          ks: each.ks,
          ks_of_chance: each.ksOfChance,
        },
    ),
    champion: champion
      ? {
          difference: difference(champion.difference),
          expired: champion.expired,
          labels: champion.labels && {
            rows: champion.labels.rows,
            changed: champion.labels.changed,
            flips: champion.labels.flips,
            champion_flips: champion.labels.championFlips,
          },
        }
      : null,
    strategies: Object.fromEntries(
      strategies.map(({ strategy, promote, gates, performance, problem }) => [
        strategy,
        { promote, gates, problem, ...(performance && earned(performance)) },
      ]),
    ),
  };
}

function difference(told: MeanDifference | null) {
  return told && { mean: told.mean, standard_error: told.standardError, rows: told.rows };
}

function earned({ curve, ...told }: PerformanceEvidence) {
  const step = Math.max(1, Math.ceil(curve.equity.length / POINTS_MAX));
  const kept = (_value: number, index: number, all: Float64Array) =>
    index % step === 0 || index === all.length - 1;
  return {
    folds: told.folds,
    preset: told.preset,
    sharpe: told.sharpe,
    drawdown: told.drawdown,
    trades: told.trades,
    win_rate: told.winRate,
    trials: told.trials,
    deflated_sharpe: told.deflatedSharpe,
    overfitting: told.overfitting,
    slippage_bps: told.slippageBps,
    scenarios: told.scenarios.map(({ name, totalReturn }) => ({ name, total_return: totalReturn })),
    equity: { at_ms: [...curve.atMs.filter(kept)], value: [...curve.equity.filter(kept)] },
  };
}
