import { Decimal, decimalText } from '../decimal.ts';
import type { BarPassing } from './bar-passing.ts';
import { cancelKin, growExits } from './bracket.ts';
import { isBetter } from './exact-bar.ts';
import { participation, takerPrice } from './fill-costs.ts';
import type { BookedDeal, Deal } from './venue-books.ts';
import type { Meeting, WorkingOrder } from './working-order.ts';

const NOTHING = new Decimal(0);

/** What an order can have: a maker the very price, a taker the market's with its costs, but none worse than its limit. */
export interface Offer {
  readonly liquidity: 'maker' | 'taker';
  readonly limit: Decimal | undefined;
  readonly at: Meeting;
}

/** Fills what it may of an order, or ends it, or leaves it waiting. */
export function execute(passing: BarPassing, working: WorkingOrder, offer: Offer): void {
  const { bar, costs, books } = passing;
  const { order, remaining } = working;
  const reducible = isBoundByHolding(passing, working) ? books.reducible(order.side) : undefined;
  if (reducible?.isZero()) return endReduction(passing, working);
  const wanted = reducible?.lt(remaining) ? reducible : remaining;
  const most = participation(costs, bar, wanted);
  const quantity = most?.lt(wanted) ? most : wanted;
  if (order.timeInForce === 'fok' && quantity.lt(remaining))
    return passing.end(working, 'EXPIRED', 'not_filled');
  working.isOpen = false;
  if (quantity.isZero()) return;
  const price = priceOf(passing, working, quantity, offer);
  if (price.lte(0)) return; // below the last place that is kept there is no price
  const deal: Deal = { side: order.side, quantity, price, liquidity: offer.liquidity };
  const booked = books.take(deal, costs);
  if (!booked) return passing.end(working, 'EXPIRED', 'cash_short');
  fill(passing, working, { ...deal, ...booked }, offer.at);
  if (!working.hasEnded && wanted !== remaining && quantity === wanted) endReduction(passing, working);
}

/** Ends an order that has nothing left to reduce, and with an exit its whole bracket: none must be left to a later position. */
export function endReduction(passing: BarPassing, working: WorkingOrder): void {
  passing.end(working, 'CANCELLED', 'nothing_to_reduce');
  cancelKin(passing, working, NOTHING);
}

/** Where the fee comes out of what is bought, a sale cannot give more than there is; nothing is sold short there. */
function isBoundByHolding({ costs }: BarPassing, { order }: WorkingOrder): boolean {
  return order.reduceOnly || (costs.takenIn === 'base' && order.side === 'sell');
}

function priceOf(
  { bar, costs }: BarPassing,
  { order: { side } }: WorkingOrder,
  quantity: Decimal,
  { liquidity, limit, at }: Offer,
): Decimal {
  if (liquidity === 'maker') return at.price;
  const price = takerPrice(costs, { side, quantity }, at.price, bar);
  return limit && isBetter(side, limit, price) ? limit : price;
}

function fill(
  passing: BarPassing,
  working: WorkingOrder,
  { quantity, price, liquidity, fee, feeTakenIn, received }: Deal & BookedDeal,
  at: Meeting,
): void {
  const { openMs, volume } = passing.bar.bar;
  const { order } = working;
  const complete = quantity.eq(working.remaining);
  const filled = order.filled === '0' ? quantity : quantity.plus(order.filled);
  working.change({ filled: decimalText(filled) });
  if (complete) working.end();
  passing.tellFill(working, {
    quantity: decimalText(quantity),
    price: decimalText(price),
    fee: decimalText(fee),
    feeTakenIn,
    liquidity,
    slippageCost: decimalText(price.minus(at.price).abs().times(quantity)),
    atMs: Math.max(openMs, order.placedMs),
    complete,
    stale: Number(volume) === 0,
  });
  if (order.protection) growExits(passing, working, received, at);
  if (order.parent) cancelKin(passing, working, quantity);
}
