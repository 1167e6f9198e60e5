import { TIMEFRAME_MS } from '@aistock/market';
import { mustFlatten } from '../../session-rules/index.ts';
import type { OrderStyle, Signal } from '../../strategies/index.ts';
import { ageLegs } from './age-legs.ts';
import type { Scope } from '../core-state.ts';
import { enterLegs } from './enter-legs.ts';
import { reasonsAgainstEntry } from './entry-reasons.ts';
import { leaveLeg, leaveLegs } from './leave-legs.ts';
import { modelWord } from './model-word.ts';
import { paramsInForce } from './params-in-force.ts';
import { quoteLegs } from './quote-legs.ts';
import { regimeOf } from '../slot-regime.ts';
import type { Slot } from '../slot-state.ts';
import { isProtecting, isQuote, isResting, isWorking } from '../books/tracked-order.ts';

const AT_MARKET: OrderStyle = { type: 'market' };

/**
 * Decides for a slot at a bar's close, or by the clock where no bar came. What is decided, and every reason, is in the scope's
 * verdict.
 */
export function decideSlot(scope: Scope): void {
  const { slot, verdict } = scope;
  if (slot.legs[0].stream.newestCloseMs === scope.atMs) ageLegs(slot, scope.atMs);
  const forced = forcedExit(scope);
  if (forced !== undefined) leaveAll(scope, forced);
  else followStrategy(scope);
  if (slot.orders.size > 0) withdrawUnwished(scope);
  if (verdict.reasons.length === 0) throw new TypeError(`slot ${slot.setup.id} decided without a reason`);
}

type ForcedExit = 'flatten_before_close' | 'leg_alone' | 'stop_lost';

/** Why everything is to be left whatever the strategy says; undefined where nothing forces it. */
function forcedExit({ state, slot, atMs }: Scope): ForcedExit | undefined {
  const { calendar, timeframe } = slot.legs[0].stream.setup;
  if (
    state.setup.orders.flattenBeforeCloseMs !== null &&
    timeframe !== '1d' &&
    mustFlatten(state.setup.orders, calendar, atMs, atMs + TIMEFRAME_MS[timeframe])
  )
    return 'flatten_before_close';
  if (slot.legs.some((leg) => leg.isHeld && leg.isStopLost) && !isBeingLeft(slot)) return 'stop_lost';
  return slot.legs.length > 1 && isLegAlone(slot) ? 'leg_alone' : undefined;
}

/** Whether an exit is on its way that does not wait for a price. */
function isBeingLeft({ orders }: Slot): boolean {
  for (const order of orders.values())
    if (order.request.leg.startsWith('exit') && isWorking(order) && !isResting(order.request)) return true;
  return false;
}

/** Whether one leg of several is held, another is not, and no order is on its way that could change it. */
function isLegAlone({ legs, orders }: Slot): boolean {
  if (!legs.some(({ isHeld }) => isHeld) || legs.every(({ isHeld }) => isHeld)) return false;
  return ![...orders.values()].some(isWorking);
}

function leaveAll(scope: Scope, reason: ForcedExit): void {
  scope.verdict.because(reason);
  for (const leg of scope.slot.legs) if (leg.isHeld) leaveLeg(scope, leg, AT_MARKET);
}

function followStrategy(scope: Scope): void {
  const { slot, state, verdict, atMs } = scope;
  const params = paramsInForce(slot, atMs);
  if (!params) {
    verdict.because(slot.params === null ? 'no_params' : 'params_expired');
    return;
  }
  for (const { stream } of slot.legs) {
    if (stream.cursor.count >= slot.lookback) continue;
    verdict.because('warming_up');
    return;
  }
  slot.context.regime = regimeOf(slot);
  slot.context.equity = state.books.equityFloat;
  const outcome = slot.setup.strategy.decide(slot.context);
  if ('hold' in outcome) {
    verdict.because(outcome.hold);
    if (slot.orders.size > 0) keepQuotes(scope);
  } else follow(scope, outcome);
}

/** A strategy that wants nothing leaves its quotes where they are, as long as they could be made anew or only reduce. */
function keepQuotes(scope: Scope): void {
  const { slot, state, verdict } = scope;
  const quotes = [...slot.orders.values()].filter(isQuote);
  const against = quotes.length === 0 ? [] : againstQuotes(scope);
  for (const reason of against) verdict.because(reason);
  const isHalted = state.firmState === 'halted' || slot.tradingState === 'halted';
  for (const order of quotes)
    if (against.length === 0 || (order.request.reduceOnly && !isHalted)) verdict.keep(order);
}

function againstQuotes(scope: Scope): string[] {
  const against = reasonsAgainstEntry(scope, 'limit');
  const { factor, reason } = modelWord(scope.slot, scope.slot.params!, 0);
  if (factor === 0 && reason !== null) against.push(reason);
  return against;
}

function follow(scope: Scope, signal: Signal): void {
  scope.verdict.signal = signal;
  scope.verdict.because(signal.reason);
  const leaving = leaveLegs(scope, signal);
  quoteLegs(scope, signal);
  enterLegs(scope, signal, leaving);
}

/**
 * An order that waits in the book does so until a decision does not wish for the same again. The rest of an entry whose
 * exits work already is left to fill behind them.
 */
function withdrawUnwished({ slot, verdict }: Scope): void {
  for (const order of slot.orders.values()) {
    if (!isWorking(order) || !isResting(order.request) || isProtecting(order)) continue;
    if (verdict.isKept(order) || verdict.cancels.includes(order)) continue;
    verdict.cancel(order);
    verdict.because('order_withdrawn');
  }
}
