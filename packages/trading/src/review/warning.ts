/** What a review may say; stable. */
export type WarningCode =
  | 'costs_eat_profit'
  | 'crisis'
  | 'few_trades'
  | 'fills_outside_hours'
  | 'flat_equity'
  | 'in_sample_model'
  | 'luck_of_trials'
  | 'lucky_order'
  | 'no_crisis'
  | 'no_limits'
  | 'no_trades'
  | 'not_significant'
  | 'one_trade'
  | 'open_at_end'
  | 'overfitted'
  | 'parameters_many'
  | 'rules_assumed'
  | 'settled_at_end'
  | 'short_period'
  | 'slow_fills'
  | 'small_entries'
  | 'stale_fills';

/** Something about a backtest that whoever believes it should know. */
export interface Warning {
  readonly code: WarningCode;
  /** `warning` speaks against the result; `note` is a fact to judge it by. */
  readonly severity: 'warning' | 'note';
  /** A sentence or two with the numbers in them. */
  readonly detail: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A share as text: 0.1234 is `12.3 %`. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
