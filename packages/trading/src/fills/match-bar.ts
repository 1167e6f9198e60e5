import { closeMs, type Bar } from '@aistock/market';
import { endOfOrder, meetingOf } from './admit.ts';
import { BarPassing } from './bar-passing.ts';
import { endReduction } from './execute.ts';
import { ExactBar } from './exact-bar.ts';
import type { MatchTerms } from './match-terms.ts';
import { leaveBar, meetMarket, reachLimit, touchStop } from './phases.ts';
import { isUntouched } from './untouched.ts';
import { usableDetail } from './usable-detail.ts';
import { VenueBooks } from './venue-books.ts';
import type { VenueHolding, VenueOrder, VenueReport } from './venue-order.ts';
import { WorkingOrder } from './working-order.ts';

const NOTHING: readonly never[] = [];

export interface Matched {
  /** What goes on working, oldest first, with the exits of brackets that have begun to. */
  readonly orders: readonly VenueOrder[];
  /** What filled whole or ended, as it was then. */
  readonly done: readonly VenueOrder[];
  readonly holding: VenueHolding;
  /** In the order in which it happened. */
  readonly reports: readonly VenueReport[];
}

/**
 * What a bar does to the orders of one account in its instrument, oldest first. The rules, one by one with their tests, are
 * in docs/assumptions.md; where a bar leaves open what came first, the worse for the orders is taken. Orders that reach the
 * venue after the bar wait untouched.
 * @throws RangeError for an order that lacks a price that its type asks for.
 */
export function matchBar(
  orders: readonly VenueOrder[],
  bar: Bar,
  holding: VenueHolding,
  terms: MatchTerms,
): Matched {
  if (orders.every((order) => isUntouched(order, bar, holding)))
    return { orders, done: NOTHING, holding, reports: NOTHING };
  const detail = usableDetail(bar, terms);
  if (!detail) return matchOne(orders, bar, holding, terms);
  let matched: Matched = { orders, done: [], holding, reports: [] };
  for (const part of detail.bars) {
    const next = matchOne(matched.orders, part, matched.holding, { ...terms, timeframe: detail.timeframe });
    matched = {
      ...next,
      done: [...matched.done, ...next.done],
      reports: [...matched.reports, ...next.reports],
    };
  }
  return matched;
}

function matchOne(
  orders: readonly VenueOrder[],
  bar: Bar,
  holding: VenueHolding,
  { costs, timeframe, calendar }: MatchTerms,
): Matched {
  const books = new VenueBooks(holding);
  const endMs = closeMs(bar.openMs, timeframe, calendar);
  const passing = new BarPassing(new ExactBar(bar), endMs, costs, books);
  const hours = { bar: passing.bar, closeMs: endMs, calendar };
  for (const order of orders) passing.orders.push(new WorkingOrder(order, meetingOf(order, hours)));
  for (const working of passing.orders) endWithDay(passing, working, bar.openMs, calendar);
  // The exits of a bracket are added behind the entry that fills and have their turn in the same phase.
  for (const working of passing.orders) meetMarket(passing, working);
  for (const working of passing.orders) touchStop(passing, working);
  for (const working of passing.orders) {
    touchStop(passing, working);
    reachLimit(passing, working);
  }
  for (const working of passing.orders) {
    endWithDay(passing, working, endMs, calendar);
    endIdleReduction(passing, working);
    leaveBar(passing, working);
  }
  const left: VenueOrder[] = [];
  const done: VenueOrder[] = [];
  for (const { order, hasEnded } of passing.orders) (hasEnded ? done : left).push(order);
  return {
    orders: left,
    done,
    holding: books.holding,
    reports: passing.reports,
  };
}

/** An order for the day ends with its session, also where the session's last bar is missing. */
function endWithDay(
  passing: BarPassing,
  working: WorkingOrder,
  reachedMs: number,
  calendar: MatchTerms['calendar'],
): void {
  if (working.hasEnded) return;
  const lastMs = endOfOrder(working.order, calendar);
  if (lastMs !== undefined && lastMs <= reachedMs) passing.end(working, 'EXPIRED', 'session_over');
}

/** What only reduces and has nothing left to reduce must not wait for a position that it was not meant for. */
function endIdleReduction(passing: BarPassing, working: WorkingOrder): void {
  const { order, hasEnded } = working;
  if (hasEnded || !order.reduceOnly || order.placedMs >= passing.closeMs) return;
  if (passing.books.reducible(order.side).isZero()) endReduction(passing, working);
}
