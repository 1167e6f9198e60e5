import type { Bar } from '@aistock/market';
import type { CostModel, Side } from '@aistock/shared';
import { Decimal } from '../decimal.ts';
import { ExactBar } from './exact-bar.ts';

/** Digits after the point that the wire carries. */
const PLACES = 12;
const PER_BPS = '0.0001';
const ONE = new Decimal(1);

/** A cost model made ready for arithmetic: shares instead of basis points. */
export interface FillCosts {
  readonly makerShare: Decimal;
  readonly takerShare: Decimal;
  readonly takenIn: 'quote' | 'base';
  /** What a taker pays besides the fee: so much of the price, and so much of the bar's range. */
  readonly ofPrice: Decimal;
  readonly ofRange: Decimal;
  /** Of the price, times the squared share of the bar's volume. */
  readonly impact: Decimal;
  readonly latencyMs: number;
  readonly participationMax: Decimal | null;
}

/** Make it once and match many bars with it. */
export function fillCosts({ fees, spread, slippage, ...model }: CostModel): FillCosts {
  const halfSpreadBps = spread.type === 'bps' ? new Decimal(spread.bps).times('0.5') : new Decimal(0);
  const slippageBps = slippage.type === 'fixed' ? slippage.bps : 0;
  const halfRange = spread.type === 'range' ? new Decimal(spread.share).times('0.5') : new Decimal(0);
  return {
    makerShare: new Decimal(fees.maker_bps).times(PER_BPS),
    takerShare: new Decimal(fees.taker_bps).times(PER_BPS),
    takenIn: fees.taken_in,
    ofPrice: halfSpreadBps.plus(slippageBps).times(PER_BPS),
    ofRange: halfRange.plus(slippage.type === 'volatility' ? slippage.share : 0),
    impact: new Decimal(slippage.type === 'volume_share' ? slippage.impact : 0),
    latencyMs: model.latency_ms,
    participationMax: model.participation_max === null ? null : new Decimal(model.participation_max),
  };
}

/**
 * What a taker pays or gets who meets the market at a price: half the spread and the slippage against it, rounded to 12
 * places against it. A bar of no volume counts as if the order were all of it.
 */
export function takerPrice(
  costs: FillCosts,
  order: { readonly side: Side; readonly quantity: Decimal },
  reference: Decimal,
  bar: ExactBar,
): Decimal {
  let cost = costs.ofPrice.isZero() ? costs.ofPrice : reference.times(costs.ofPrice);
  if (!costs.ofRange.isZero()) cost = cost.plus(bar.range.times(costs.ofRange));
  if (!costs.impact.isZero()) {
    const share = order.quantity.lt(bar.volume) ? order.quantity.div(bar.volume) : ONE;
    cost = cost.plus(share.times(share).times(costs.impact).times(reference));
  }
  if (cost.isZero()) return reference;
  return order.side === 'buy'
    ? reference.plus(cost).toDecimalPlaces(PLACES, Decimal.ROUND_UP)
    : reference.minus(cost).toDecimalPlaces(PLACES, Decimal.ROUND_DOWN);
}

/** What a taker pays or gets at the close of a bar, and the fee for it in the quote currency. */
export function settlementOf(
  costs: FillCosts,
  order: { readonly side: Side; readonly quantity: Decimal },
  bar: Bar,
): { readonly price: Decimal; readonly fee: Decimal } {
  const exact = new ExactBar(bar);
  const price = takerPrice(costs, order, exact.close, exact);
  return { price, fee: feeOf(costs.takerShare, price.times(order.quantity)) };
}

/** A share of an amount, rounded up to 12 places. */
export function feeOf(share: Decimal, amount: Decimal): Decimal {
  return share.isZero() ? share : amount.times(share).toDecimalPlaces(PLACES, Decimal.ROUND_UP);
}

/** The most that an order takes of a bar, in steps of the finer of both texts; undefined without a bound. */
export function participation(costs: FillCosts, bar: ExactBar, quantity: Decimal): Decimal | undefined {
  if (costs.participationMax === null) return undefined;
  const places = Math.max(bar.volume.decimalPlaces(), quantity.decimalPlaces());
  return bar.volume.times(costs.participationMax).toDecimalPlaces(places, Decimal.ROUND_DOWN);
}
