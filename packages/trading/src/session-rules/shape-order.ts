import type { Calendar, Timeframe } from '@aistock/market';
import type { OrderType, Side, TimeInForce } from '@aistock/shared';
import { priceOnTick, type InstrumentRules } from '../core/instruments/instrument-rules.ts';
import type { OrderPolicy } from '../core/order-policy.ts';
import type { OrderStyle } from '../strategies/index.ts';
import { workingSession, type SessionKind } from './session-kind.ts';

/** An order that is wished for, and where. */
export interface OrderWish {
  readonly purpose: 'entry' | 'exit';
  readonly side: Side;
  readonly style: OrderStyle;
  /** The newest close, decimal text. */
  readonly lastPrice: string;
  readonly rules: InstrumentRules;
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  /** The close that is decided at, Unix ms. */
  readonly closeMs: number;
}

/** What of an order its hours decide. Prices are decimal text on the tick; null where the type has none. */
export interface OrderShape {
  readonly type: OrderType;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly timeInForce: TimeInForce;
  readonly extendedHours: boolean;
}

export type ShapedOrder =
  | OrderShape
  | {
      readonly refused: 'session_closed' | 'extended_hours_off' | 'extended_needs_limit' | 'price_below_tick';
    };

const BPS_PER_ONE = 10_000;
/** Outside of regular hours an exit must be a limit order; where the policy has no offset, it pays so much at most. */
const EXTENDED_OFFSET_BPS = 50;

/**
 * The order that a wish becomes in the hours in which it will work. In regular hours it is what was wished; only an entry at
 * market on intraday bars of `xnys` becomes a limit order through the newest close where the policy says so. An exit at market
 * stays one: behind a gap a limit would be missed, and what is held must be left. Before and after regular hours only limit
 * orders work, marked for extended hours; an exit at market becomes one. An entry that its hours do not take is refused; an
 * exit never is: it waits for the regular hours. A limit is never worse than was said, a stop never works sooner.
 */
export function shapeOrder(policy: OrderPolicy, wish: OrderWish): ShapedOrder {
  const session = workingSession(wish.calendar, wish.timeframe, wish.closeMs);
  const extended = session === 'pre' || session === 'aft';
  if (wish.purpose === 'entry' && session !== 'rth') {
    if (!extended) return { refused: 'session_closed' };
    if (!policy.extendedHours) return { refused: 'extended_hours_off' };
    if (!isLimit(wish.style)) return { refused: 'extended_needs_limit' };
  }
  const works = session === 'rth' || (extended && policy.extendedHours && wish.style.type !== 'stop');
  const style = works ? styleFor(policy, wish, session) : wish.style;
  return priced(wish, style, {
    timeInForce: works && wish.calendar === 'xnys' && wish.timeframe !== '1d' ? 'day' : 'gtc',
    extendedHours: works && extended,
  });
}

/** A market order becomes what may be sent instead of it. */
function styleFor(
  { marketableOffsetBps }: OrderPolicy,
  { purpose, style, calendar, timeframe }: OrderWish,
  session: SessionKind,
): OrderStyle {
  if (style.type !== 'market') return style;
  if (session !== 'rth')
    return { type: 'marketable_limit', offsetBps: marketableOffsetBps ?? EXTENDED_OFFSET_BPS };
  const staysMarket = purpose === 'exit' || calendar !== 'xnys' || timeframe === '1d';
  if (staysMarket || marketableOffsetBps === null) return style;
  return { type: 'marketable_limit', offsetBps: marketableOffsetBps };
}

function priced(
  { side, lastPrice, rules }: OrderWish,
  style: OrderStyle,
  how: Pick<OrderShape, 'timeInForce' | 'extendedHours'>,
): ShapedOrder {
  if (style.type === 'market') return { type: 'market', limitPrice: null, stopPrice: null, ...how };
  if (style.type === 'stop') {
    const stopPrice = priceOnTick(style.stopPrice, side, 'against', rules);
    return stopPrice === null
      ? { refused: 'price_below_tick' }
      : { type: 'stop', limitPrice: null, stopPrice, ...how };
  }
  const price = style.type === 'limit' ? style.limitPrice : throughPrice(side, lastPrice, style.offsetBps);
  const limitPrice = priceOnTick(price, side, 'in_favour', rules);
  return limitPrice === null
    ? { refused: 'price_below_tick' }
    : { type: 'limit', limitPrice, stopPrice: null, ...how };
}

function isLimit({ type }: OrderStyle): boolean {
  return type === 'limit' || type === 'marketable_limit';
}

/** So much worse than the newest close for the one who orders. */
function throughPrice(side: Side, lastPrice: string, offsetBps: number): number {
  return Number(lastPrice) * (1 + ((side === 'buy' ? 1 : -1) * offsetBps) / BPS_PER_ONE);
}
