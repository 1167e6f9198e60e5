import { tradingDay } from '@aistock/market';
import { Decimal } from '../decimal.ts';
import type { ExactBar } from './exact-bar.ts';
import type { MatchTerms } from './match-terms.ts';
import type { VenueOrder } from './venue-order.ts';
import type { Meeting } from './working-order.ts';

const PLACES = 12;

/** A bar and the hours that it belongs to. */
export interface BarHours {
  readonly bar: ExactBar;
  readonly closeMs: number;
  readonly calendar: MatchTerms['calendar'];
}

/** Where an order meets the market in a bar; undefined where it is not there yet, or may not trade at this hour. */
export function meetingOf(order: VenueOrder, hours: BarHours): Meeting | undefined {
  const { bar, closeMs } = hours;
  if (order.placedMs >= closeMs || !mayTrade(order, hours)) return undefined;
  const fromMs = order.placedMs <= bar.bar.openMs ? order.placedMs : tradesFrom(hours);
  if (order.placedMs <= fromMs) return { price: bar.open, seesWholeBar: true };
  const worst = bar.worstFor(order.side);
  const moved = worst
    .minus(bar.open)
    .times(order.placedMs - fromMs)
    .div(closeMs - fromMs);
  const rounding = order.side === 'buy' ? Decimal.ROUND_UP : Decimal.ROUND_DOWN;
  return { price: bar.open.plus(moved).toDecimalPlaces(PLACES, rounding), seesWholeBar: false };
}

/** Outside of the regular hours only what asks for it trades, and of that only limit orders and brackets. */
function mayTrade(order: VenueOrder, { bar, closeMs, calendar }: BarHours): boolean {
  if (calendar !== 'xnys') return true;
  if (order.extendedHours && (order.type === 'limit' || order.protection || order.parent)) return true;
  const day = tradingDay(calendar, bar.bar.openMs);
  return day !== undefined && day.fromMs < closeMs;
}

/** When a bar's first trade can be: a daily bar is named by midnight, long before the session. */
function tradesFrom({ bar, closeMs, calendar }: BarHours): number {
  const { openMs } = bar.bar;
  const day = tradingDay(calendar, openMs);
  return day && day.fromMs < closeMs ? Math.max(openMs, day.fromMs) : openMs;
}

/** When an order for the day ends: with the session that it came in for. Unix ms, undefined for all others. */
export function endOfOrder(order: VenueOrder, calendar: MatchTerms['calendar']): number | undefined {
  if (order.timeInForce !== 'day') return undefined;
  const day = tradingDay(calendar, order.placedMs, order.extendedHours ? 'extended' : 'regular');
  return day?.toMs ?? order.placedMs; // outside of the years that a calendar knows there is no session to last
}
