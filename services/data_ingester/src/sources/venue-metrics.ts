import type { Metrics } from '@aistock/service-kit';
import type { BreakerState } from '@aistock/venues';
import type { BudgetReader } from './budget-states.ts';
import type { OpenedSource } from './opened-sources.ts';

const BREAKER_KINDS: readonly BreakerState['kind'][] = ['closed', 'half_open', 'open'];

type Gauge = ReturnType<Metrics['gauge']>;

/**
 * Shows the breakers of this process and the budgets that it shares with all others, as they are when they are asked
 * for. What the database cannot say is left out.
 */
export function venueMetrics(
  metrics: Metrics,
  sources: readonly OpenedSource[],
  budgets: BudgetReader,
): void {
  metrics.gauge({
    name: 'venue_breaker_state',
    help: 'Breaker of a venue in this process: 1 for the state that it is in.',
    labels: ['venue', 'state'],
    collect: (gauge) => {
      for (const { venue, guarded } of sources)
        for (const state of venue === null ? [] : BREAKER_KINDS)
          gauge.set({ venue: venue ?? '', state }, guarded.circuit.state().kind === state ? 1 : 0);
    },
  });
  const budgetGauge = (
    name: string,
    help: string,
    labels: readonly string[],
    show: (gauge: Gauge, state: BudgetOf) => void,
  ): void => {
    metrics.gauge({
      name,
      help,
      labels,
      collect: async (gauge) => {
        gauge.reset();
        for (const state of (await budgets()) ?? []) show(gauge, state);
      },
    });
  };
  const windowed = ['venue', 'window_s'];
  budgetGauge(
    'venue_budget_used',
    'Weight used of a window, by all services.',
    windowed,
    (gauge, { venue, windows }) => {
      for (const { windowMs, used } of windows) gauge.set({ venue, window_s: windowMs / 1000 }, used);
    },
  );
  budgetGauge('venue_budget_limit', 'Weight that a window allows.', windowed, (gauge, { venue, windows }) => {
    for (const { windowMs, weightMax } of windows) gauge.set({ venue, window_s: windowMs / 1000 }, weightMax);
  });
  budgetGauge(
    'venue_banned_until_seconds',
    'Until when a venue wants no requests, Unix seconds; 0 where it is open.',
    ['venue'],
    (gauge, { venue, bannedUntilMs }) => gauge.set({ venue }, (bannedUntilMs ?? 0) / 1000),
  );
  budgetGauge(
    'venue_budget_waiting',
    'Requests that wait for budget.',
    ['venue'],
    (gauge, { venue, waiting }) => gauge.set({ venue }, waiting),
  );
}

type BudgetOf = NonNullable<Awaited<ReturnType<BudgetReader>>>[number];
