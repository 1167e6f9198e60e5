import { Decimal, decimalText } from '../decimal.ts';
import type { BarPassing } from './bar-passing.ts';
import { cancelKin } from './bracket.ts';
import { better, isBetter, worse } from './exact-bar.ts';
import { execute, type Offer } from './execute.ts';
import { stopLevel } from './stop-level.ts';
import { isImmediate, isPendingStop, limitOf, type Meeting, type WorkingOrder } from './working-order.ts';

const NOTHING = new Decimal(0);

/** An order meets the market at the open, or when it comes in: it takes what is there, or its stop lies behind already. */
export function meetMarket(passing: BarPassing, working: WorkingOrder): void {
  const { order, meeting } = working;
  if (meeting && working.isOpen) {
    const offer = isPendingStop(order) ? undefined : offerAt(meeting, passing, working);
    if (offer) execute(passing, working, offer);
    else if (isPendingStop(order) && !isBetter(order.side, meeting.price, stopLevel(order, meeting.price)))
      trigger(passing, working, meeting);
  }
  if (isImmediate(order) && !working.hasEnded && order.placedMs < passing.closeMs)
    passing.end(working, 'EXPIRED', 'not_filled');
}

function offerAt(at: Meeting, { bar }: BarPassing, { order }: WorkingOrder): Offer | undefined {
  const limit = limitOf(order);
  if (!limit) return { liquidity: 'taker', limit, at };
  const { side } = order;
  if (order.resting) {
    if (!isBetter(side, at.price, limit)) return undefined;
    return makerOffer(better(side, limit, bar.worstFor(side)), at.seesWholeBar);
  }
  // At the limit itself others come first, unless the bar goes on through it.
  const isThrough = at.price.eq(limit) && at.seesWholeBar && isBetter(side, bar.bestFor(side), limit);
  return isThrough || isBetter(side, at.price, limit) ? { liquidity: 'taker', limit, at } : undefined;
}

function makerOffer(price: Decimal, seesWholeBar: boolean): Offer {
  return { liquidity: 'maker', limit: undefined, at: { price, seesWholeBar } };
}

/** The bar touches a stop on its way: it triggers there, or where the market was already behind it. */
export function touchStop(passing: BarPassing, working: WorkingOrder): void {
  const { order, isOpen, meeting } = working;
  if (!meeting || !isOpen || !isPendingStop(order)) return;
  const level = stopLevel(order, meeting.price);
  if (isBetter(order.side, passing.bar.worstFor(order.side), level)) return;
  trigger(passing, working, { price: worse(order.side, level, meeting.price), seesWholeBar: false });
}

function trigger(passing: BarPassing, working: WorkingOrder, at: Meeting): void {
  working.change({ triggered: true });
  cancelKin(passing, working, NOTHING);
  const limit = limitOf(working.order);
  if (!limit || isBetter(working.order.side, at.price, limit))
    return execute(passing, working, { liquidity: 'taker', limit, at });
  working.isOpen = at.seesWholeBar;
}

/**
 * The bar trades through a limit: a touch is not enough, for others were in the queue before. One that came in while the bar
 * was under way can only be sure of the close, which is later than everything.
 */
export function reachLimit(passing: BarPassing, working: WorkingOrder): void {
  const { order, isOpen, meeting } = working;
  if (!isOpen || !meeting || isPendingStop(order)) return;
  const limit = limitOf(order);
  const { bar } = passing;
  const reached = meeting.seesWholeBar ? bar.bestFor(order.side) : bar.close;
  if (!limit || !isBetter(order.side, reached, limit)) return;
  // An exit that its entry brought may lie behind the whole bar: nobody traded at its limit.
  const price = better(order.side, limit, bar.worstFor(order.side));
  execute(passing, working, makerOffer(price, false));
}

/** What the bar leaves behind in an order for the next one: that it is in the book, and how far a trailing stop has come. */
export function leaveBar({ bar }: BarPassing, working: WorkingOrder): void {
  const { order, meeting } = working;
  if (working.hasEnded || !meeting) return;
  const { side } = order;
  if (!isPendingStop(order)) {
    if (!order.resting && limitOf(order)) working.change({ resting: true });
  } else if (order.type === 'trailing_stop') {
    const before = order.bestPrice === null ? meeting.price : new Decimal(order.bestPrice);
    const seen = meeting.seesWholeBar ? bar.bestFor(side) : bar.close;
    working.change({ bestPrice: decimalText(better(side, seen, before)) });
  }
}
