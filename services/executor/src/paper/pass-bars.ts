import type { Bar } from '@aistock/market';
import {
  matchBar,
  type Matched,
  type MatchTerms,
  type VenueHolding,
  type VenueOrder,
} from '@aistock/trading/fills';

/** What closed bars, ascending, do to working orders, oldest first; see `matchBar`. */
export function passBars(
  orders: readonly VenueOrder[],
  bars: readonly Bar[],
  holding: VenueHolding,
  terms: MatchTerms,
): Matched {
  const done: VenueOrder[] = [];
  const reports: Matched['reports'][number][] = [];
  const passed = { orders, holding };
  for (const bar of bars) {
    if (passed.orders.length === 0) break;
    const matched = matchBar(passed.orders, bar, passed.holding, terms);
    passed.orders = matched.orders;
    passed.holding = matched.holding;
    done.push(...matched.done);
    reports.push(...matched.reports);
  }
  return { ...passed, done, reports };
}
