import type { Calibration, Drift, MeanDifference, PerformanceEvidence } from '@aistock/promotion';
import type { ModelReport } from '@aistock/shared';
import type { Decision } from '../../validation/validate.ts';
import { seriesOf } from './report-content.ts';

type Difference = ModelReport['differences'][number];
type Judgement = ModelReport['judgements'][number];

/** Points of an equity curve come to four times as many at most. */
const EQUITY_COLUMNS = 120;

/** A difference where there is one. */
export function differenceContent(
  about: Pick<Difference, 'against' | 'horizon_bars' | 'on'>,
  told: MeanDifference | null | undefined,
): Difference[] {
  return told ? [{ ...about, mean: told.mean, standard_error: told.standardError, rows: told.rows }] : [];
}

export function calibrationContent(told: Calibration | null): ModelReport['calibrations'][number] {
  if (!told) return null;
  const { event, rows, brier, brierOfBaseRate, reliability, bins } = told;
  return {
    event,
    rows,
    brier,
    brier_of_base_rate: brierOfBaseRate,
    reliability,
    bins: bins.map((bin) => ({ told: bin.told, followed: bin.followed, rows: bin.rows })),
  };
}

export function driftContent(told: Drift | null): ModelReport['drifts'][number] {
  if (!told) return null;
  const { feature, psi, psiOfChance, ks, ksOfChance } = told;
  return { feature, psi, psi_of_chance: psiOfChance, ks, ks_of_chance: ksOfChance };
}

/** Of `*` first, then of each strategy. */
export function judgementContent({ promote, gates, strategies }: Decision): Judgement[] {
  return [
    { strategy: '*', passed: promote, gates: [...gates], problem: null, performance: null },
    ...strategies.map(({ strategy, promote: passed, gates: own, problem, performance }) => ({
      strategy,
      passed,
      gates: [...own],
      problem,
      performance: performance && performanceContent(performance),
    })),
  ];
}

function performanceContent({ curve, ...told }: PerformanceEvidence): NonNullable<Judgement['performance']> {
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
    equity: seriesOf(curve.atMs, curve.equity, EQUITY_COLUMNS),
  };
}
