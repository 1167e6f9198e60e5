import type { Metrics } from '@aistock/service-kit';
import type { ShadowResult } from '@aistock/shared';

export interface ShadowMetrics {
  readonly judged: (verdict: string, strategies: ShadowResult['strategies']) => void;
  readonly failed: (code: string) => void;
}

export function shadowMetrics(metrics: Metrics): ShadowMetrics {
  const days = metrics.counter({
    name: 'engine_shadow_days_total',
    help: 'Days that were run again as backtests, by verdict: same, alert or reduce.',
    labels: ['verdict'],
  });
  const difference = metrics.gauge({
    name: 'engine_shadow_difference_bps',
    help: 'How far a strategy was from its backtest on the day that was judged last, in bps of equity.',
    labels: ['strategy'],
  });
  const decisions = metrics.gauge({
    name: 'engine_shadow_decision_share',
    help: 'Share of the decisions of a strategy that differ on the same books, on the day that was judged last.',
    labels: ['strategy'],
  });
  const failures = metrics.counter({
    name: 'engine_shadow_failures_total',
    help: 'Days that could not be run again, by why.',
    labels: ['code'],
  });
  return {
    judged: (verdict, strategies) => {
      days.inc({ verdict });
      for (const { strategy, bps, decision_share } of strategies) {
        difference.set({ strategy }, bps);
        decisions.set({ strategy }, decision_share);
      }
    },
    failed: (code) => failures.inc({ code }),
  };
}
