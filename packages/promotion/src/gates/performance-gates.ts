import type { PerformanceEvidence } from '../performance/performance-evidence.ts';
import type { PromotionPolicy } from '../policy.ts';
import { atLeast, atMost, type Gate } from './gate.ts';
import { mostOf } from './most-of.ts';

/** What a strategy must have earned with the model; all fail where it could not be run. */
export function performanceGates(
  evidence: PerformanceEvidence | null,
  policy: PromotionPolicy['performance'],
): Gate[] {
  const losses = evidence?.scenarios.map(({ totalReturn }) => totalReturn && -totalReturn) ?? [];
  return [
    atLeast(of('sharpe', evidence?.sharpe, policy.sharpe_min, 'Sharpe ratio a year after costs')),
    atMost(of('drawdown', evidence?.drawdown, policy.drawdown_max, 'deepest drawdown as a share of equity')),
    atLeast(of('trades', evidence?.trades, policy.trades_min, 'trades in the test windows')),
    atLeast(
      of('win_rate', evidence?.winRate, policy.win_rate_min, 'share of the trades with a profit after costs'),
    ),
    atLeast(
      of(
        'deflated_sharpe',
        evidence?.deflatedSharpe,
        policy.deflated_sharpe_min,
        `probability that the Sharpe ratio is above what luck in ${evidence?.trials ?? 'so many'} trials explains`,
      ),
    ),
    atMost(
      of(
        'overfitting',
        evidence?.overfitting,
        policy.overfitting_max,
        'probability that the best preset is below the median outside of what it was chosen on',
      ),
    ),
    atMost(
      of('slippage', evidence?.slippageBps, policy.slippage_max_bps, 'mean slippage of what was traded, bps'),
    ),
    atMost(
      of(
        'scenario_loss',
        mostOf(losses),
        policy.scenario_loss_max,
        `share of the account that ${worstScenario(evidence)} loses`,
      ),
    ),
  ];
}

function worstScenario(evidence: PerformanceEvidence | null): string {
  const known = evidence?.scenarios.filter(({ totalReturn }) => totalReturn !== null) ?? [];
  const worst = known.toSorted((a, b) => a.totalReturn! - b.totalReturn!)[0];
  return worst ? `the worst scenario, ${worst.name},` : 'the worst scenario';
}

function of(name: string, value: number | null | undefined, limit: number, what: string) {
  return { name, value, limit, what };
}
