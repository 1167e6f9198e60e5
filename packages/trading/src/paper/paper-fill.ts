import type { Bar } from '@aistock/market';
import { Decimal, decimalText } from '../decimal.ts';

/** What the paper venue needs to know of an order. Amounts are decimal text. */
export interface PaperOrder {
  readonly side: 'buy' | 'sell';
  readonly orderType: 'market' | 'limit';
  readonly quantity: string;
  /** Null for a market order. */
  readonly limitPrice: string | null;
}

/** What trading costs on paper, in basis points of the notional, zero or above and below 10,000. */
export interface PaperTerms {
  readonly feeBps: number;
  readonly slippageBps: number;
}

export interface PaperFill {
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
}

/** Digits after the point that the wire carries. */
const DECIMAL_PLACES = 12;
const BPS_PER_ONE = 10_000;

/**
 * How an order that was working before a bar opened fills in that bar, or undefined where it does not.
 * A market order fills whole at the open, moved against it by the slippage. A limit order fills whole only if the
 * bar trades through its limit (a touch is not enough, for others were in the queue before), at its limit or, where
 * the open was better, at the open moved by the slippage, never worse than the limit. Price and fee are
 * rounded to 12 places against the order.
 * @throws RangeError for terms out of range or a limit order without a limit.
 */
export function paperFill(order: PaperOrder, bar: Bar, terms: PaperTerms): PaperFill | undefined {
  const price = order.orderType === 'market' ? slipped(order, bar, terms) : limited(order, bar, terms);
  if (price === undefined || price.lte(0)) return undefined; // a price below the last place kept is no price
  const fee = price.times(order.quantity).times(share(terms.feeBps, 'feeBps'));
  return {
    price: decimalText(price),
    quantity: decimalText(new Decimal(order.quantity)),
    fee: decimalText(fee.toDecimalPlaces(DECIMAL_PLACES, Decimal.ROUND_UP)),
  };
}

function slipped(order: PaperOrder, bar: Bar, terms: PaperTerms): Decimal {
  const slippage = share(terms.slippageBps, 'slippageBps');
  return order.side === 'buy'
    ? new Decimal(bar.open).times(slippage.plus(1)).toDecimalPlaces(DECIMAL_PLACES, Decimal.ROUND_UP)
    : new Decimal(bar.open)
        .times(new Decimal(1).minus(slippage))
        .toDecimalPlaces(DECIMAL_PLACES, Decimal.ROUND_DOWN);
}

function limited(order: PaperOrder, bar: Bar, terms: PaperTerms): Decimal | undefined {
  if (order.limitPrice === null) throw new RangeError('a limit order needs a limit price');
  const limit = new Decimal(order.limitPrice);
  const buys = order.side === 'buy';
  const tradedThrough = buys ? limit.gt(bar.low) : limit.lt(bar.high);
  if (!tradedThrough) return undefined;
  const atOpen = slipped(order, bar, terms);
  return buys ? Decimal.min(limit, atOpen) : Decimal.max(limit, atOpen);
}

function share(bps: number, name: string): Decimal {
  if (!(bps >= 0 && bps < BPS_PER_ONE))
    throw new RangeError(`${name} must be from 0 to below 10000, not ${bps}`);
  return new Decimal(bps).div(BPS_PER_ONE);
}
