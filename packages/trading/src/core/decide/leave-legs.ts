import type { Side } from '@aistock/shared';
import { decimalText } from '../../decimal.ts';
import { shapeOrder } from '../../session-rules/index.ts';
import type { OrderStyle, Signal } from '../../strategies/index.ts';
import type { Scope } from '../core-state.ts';
import { exitQuantity } from '../instruments/dust.ts';
import { placeOrder } from './make-order.ts';
import type { Leg } from '../slot-state.ts';
import { isProtecting, isResting, isWorking } from '../books/tracked-order.ts';

/** Leaves the legs that the signal wishes to leave. @returns those that an order was made for. */
export function leaveLegs(scope: Scope, signal: Signal): ReadonlySet<number> {
  const leaving = new Set<number>();
  for (const wish of signal.wishes) {
    if (wish.kind !== 'exit') continue;
    const leg = scope.slot.legs[wish.leg];
    if (!leg) throw new RangeError(`${scope.slot.setup.strategy.name} has no leg ${wish.leg}`);
    if (leaveLeg(scope, leg, wish.style)) leaving.add(wish.leg);
  }
  return leaving;
}

/**
 * Leaves what a leg holds, whole. Whatever else of it may still fill is cancelled first: the rest of its entry, the exits
 * behind it, and an earlier exit that waits. @returns whether an order was made; if not, the verdict says why.
 */
export function leaveLeg(scope: Scope, leg: Leg, style: OrderStyle): boolean {
  const { state, slot, atMs } = scope;
  if (!leg.isHeld) return refuse(scope, leg.book.quantity === 0 ? 'nothing_to_exit' : 'dust');
  for (const tradingState of [state.firmState, slot.tradingState])
    if (tradingState === 'halted') return refuse(scope, 'trading_halted');
  const rules = leg.stream.rulesAt(atMs);
  const lastPrice = leg.stream.closeText;
  if (!rules || lastPrice === null) return refuse(scope, 'rules_unknown');
  const quantity = exitQuantity(decimalText(leg.book.position.quantity), lastPrice, rules);
  if (quantity === null) return refuse(scope, 'dust');
  const side: Side = leg.book.quantity > 0 ? 'sell' : 'buy';
  const { calendar, timeframe, instrument } = leg.stream.setup;
  const shape = shapeOrder(state.setup.orders, {
    purpose: 'exit',
    side,
    style,
    lastPrice,
    rules,
    calendar,
    timeframe,
    closeMs: atMs,
  });
  if ('refused' in shape) return refuse(scope, shape.refused);
  if (!clearTheWay(scope, leg)) return false;
  const held = state.books.held(instrument);
  const reduceOnly = (side === 'sell' ? held : held.negated()).gte(quantity);
  placeOrder(scope, { leg, name: 'exit', side, quantity, shape, reduceOnly, protection: null });
  return true;
}

/** Cancels what may still fill in the leg. False where an exit is on its way already, or it is not known whether it is. */
function clearTheWay({ slot, verdict }: Scope, leg: Leg): boolean {
  for (const order of slot.orders.values()) {
    if (order.legIndex !== leg.index || !isWorking(order)) continue;
    const isExit = order.request.leg.startsWith('exit');
    if (isExit && order.status === 'UNKNOWN') {
      verdict.because('order_unknown');
      return false;
    }
    if (isExit && !isResting(order.request)) {
      verdict.because('order_working');
      return false;
    }
  }
  for (const order of slot.orders.values())
    if (order.legIndex === leg.index && (isWorking(order) || isProtecting(order))) verdict.cancel(order);
  return true;
}

function refuse({ verdict }: Scope, reason: string): false {
  verdict.because(reason);
  return false;
}
