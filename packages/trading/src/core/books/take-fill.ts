import { baseCurrency } from '../instruments/currency.ts';
import type { CoreState } from '../core-state.ts';
import type { FillEvent, OrderEvent } from '../events.ts';
import { isClearlyMore, isDust } from '../instruments/dust.ts';
import { decimalText, type Decimal } from '../../decimal.ts';
import { exactFill, type ExactFill } from '../../portfolio/index.ts';
import { tradesByChoice, type TradeOutcome } from './open-trade.ts';
import { fileOrder, type Leg, type Slot } from '../slot-state.ts';
import { countFill, isQuote, isWorking, type TrackedOrder } from './tracked-order.ts';
import { updateKelly } from '../../sizing/index.ts';
import { isFinal } from '../../orders/index.ts';

/** Books a fill, once. @throws RangeError for one that cannot be; nothing is booked then. */
export function takeFill(state: CoreState, fill: FillEvent): void {
  const { slot, order } = findOrder(state, fill.decisionId);
  if (order.fillIds.includes(fill.fillId)) return;
  const exact = exactFillOf(order, fill);
  const leg = slot.legs[order.legIndex]!;
  const feeInBase = isFeeInBase(state, leg, fill);
  const rules = leg.stream.rulesAt(fill.atMs);
  const isLittle = (quantity: Decimal): boolean =>
    rules !== undefined &&
    !isClearlyMore(quantity.toNumber(), exact.price.toNumber(), rules) &&
    isDust(decimalText(quantity), fill.price, rules);
  order.fillIds.push(fill.fillId);
  if (fill.protection === null) countFill(order, fill.quantity);
  const booked = { ...exact, configId: order.request.configId, atMs: fill.atMs, isQuote: isQuote(order) };
  const closed = state.books.book(leg, booked, { feeInBase, isDust: isLittle });
  leg.isHeld = leg.book.quantity !== 0 && !isLittle(leg.book.position.quantity);
  if (closed) endTrade(state, slot, leg, closed);
  if (fill.protection !== null && !leg.isHeld) order.endedExits.push('stop', 'target');
  // What fills after its stop has ended is behind no stop either.
  if (fill.protection === null && order.endedExits.includes('stop')) leg.isStopLost = true;
  if (!leg.isHeld) leg.isStopLost = false;
  fileOrder(slot, order);
}

/** Moves an order, or an exit of its bracket, to the state that it is said to be in. @throws RangeError where it cannot go. */
export function takeOrder(state: CoreState, event: OrderEvent): void {
  const { slot, order } = findOrder(state, event.decisionId);
  if (event.protection !== null) {
    if (isFinal(event.status) && !order.endedExits.includes(event.protection))
      endExit(slot.legs[order.legIndex]!, order, event.protection);
  } else if (event.status !== order.status) {
    if (isFinal(order.status) && !isWorking(order))
      throw new RangeError(`order ${event.decisionId} is ${order.status} and cannot be ${event.status}`);
    order.status = event.status;
  }
  fileOrder(slot, order);
}

/** A stop that ends while what its entry brought in is held is missing from then on, whoever ended it. */
function endExit(leg: Leg, order: TrackedOrder, part: 'stop' | 'target'): void {
  order.endedExits.push(part);
  if (part === 'stop' && order.filled !== '0' && leg.isHeld) leg.isStopLost = true;
}

function findOrder({ slots }: CoreState, decisionId: string): { slot: Slot; order: TrackedOrder } {
  for (const slot of slots) {
    const order = slot.orders.get(decisionId) ?? slot.ended.get(decisionId);
    if (order) return { slot, order };
  }
  throw new RangeError(`no order was made by decision ${decisionId}`);
}

/** @throws RangeError where the order cannot fill so. */
function exactFillOf({ request }: TrackedOrder, fill: FillEvent): ExactFill {
  const opposite = request.side === 'buy' ? 'sell' : 'buy';
  if (fill.protection !== null && request.protection === null)
    throw new RangeError(`order ${fill.decisionId} has no exits that could fill`);
  if (fill.side !== (fill.protection === null ? request.side : opposite))
    throw new RangeError(`order ${fill.decisionId} cannot fill as a ${fill.side}`);
  if (!(Number(fill.quantity) > 0) || !(Number(fill.price) > 0) || !(Number(fill.fee) >= 0))
    throw new RangeError(`fill ${fill.fillId} must have a quantity and a price above zero, and no fee below`);
  return exactFill(fill);
}

/** @throws RangeError for a fee in anything else than the account's currency or what is traded. */
function isFeeInBase(
  { setup }: CoreState,
  { stream }: Leg,
  { fee, feeCurrency, fillId }: FillEvent,
): boolean {
  if (feeCurrency === setup.currency || Number(fee) === 0) return false;
  if (feeCurrency === baseCurrency(stream.setup.instrument)) return true;
  throw new RangeError(`the fee of fill ${fillId} is in ${feeCurrency}, which the account has no books for`);
}

function endTrade(state: CoreState, slot: Slot, leg: Leg, closed: TradeOutcome): void {
  // What is left after a piece of an inventory was closed is held on.
  if (leg.book.trade?.side !== closed.side) {
    leg.entryMs = null;
    leg.barsHeld = 0;
  }
  const { instrument } = leg.stream.setup;
  for (const trade of tradesByChoice(closed))
    state.trades.push({ slot: slot.setup.id, instrument, ...trade });
  // What choices are called is no part of any decision: the same trade counts once, whichever it was opened under.
  const reward = rewardOf(slot, closed);
  if (reward !== null) slot.kelly = updateKelly(slot.kelly, [reward], state.setup.sizing);
  if (closed.lots.some(({ configId }) => configId === slot.params?.configId)) slot.paramsSpent = true;
}

/**
 * What a closed trade adds to its slot's record. Legs that are entered together are one bet, won or lost by what they come
 * to: its reward is told once the last of them is left, and is null until then.
 */
function rewardOf(slot: Slot, { pnl, reward, quantity, entryPrice }: TradeOutcome): number | null {
  if (slot.legs.length === 1) return reward;
  const legsPnl = (slot.legsClosed?.pnl ?? 0) + Number(pnl);
  const legsCost = (slot.legsClosed?.cost ?? 0) + Number(quantity) * Number(entryPrice);
  const isLast = slot.legs.every(({ book }) => book.trade === null);
  slot.legsClosed = isLast ? null : { pnl: legsPnl, cost: legsCost };
  return isLast ? legsPnl / legsCost : null;
}
