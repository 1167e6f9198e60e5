import type { Side } from '@aistock/shared';
import { decisionId } from '../../orders/index.ts';
import type { OrderShape } from '../../session-rules/index.ts';
import type { Scope } from '../core-state.ts';
import type { OrderRequest, RequestedProtection } from '../order-request.ts';
import type { Leg, Slot } from '../slot-state.ts';

/** An order before it has its identity. */
export interface OrderPlan {
  readonly leg: Leg;
  /** What it is for: `entry`, `exit`, `quote_buy`. */
  readonly name: string;
  readonly side: Side;
  readonly quantity: string;
  readonly shape: OrderShape;
  readonly reduceOnly: boolean;
  readonly protection: RequestedProtection | null;
}

/** Makes the order part of the decision. */
export function placeOrder(scope: Scope, plan: OrderPlan): void {
  scope.verdict.orders.push({ request: requestOf(scope, plan), legIndex: plan.leg.index });
}

function requestOf({ state, slot, atMs }: Scope, plan: OrderPlan): OrderRequest {
  const { instrument, id: stream } = plan.leg.stream.setup;
  const strategy = slot.setup.strategy.name;
  const barOpenMs = slot.legs[0].stream.cursor.openMs(0);
  // What was decided on the newest bar already is another decision.
  const isByClock = slot.legs[0].stream.newestCloseMs !== atMs;
  const leg = orderName(isByClock ? `${plan.name}_clock` : plan.name, plan.leg);
  return {
    decisionId: decisionId({
      account: state.setup.account,
      slot: slot.setup.id,
      strategy,
      instrument,
      stream,
      barOpenMs,
      leg,
    }),
    slot: slot.setup.id,
    strategy,
    instrument,
    stream,
    leg,
    configId: configOf(slot, plan),
    side: plan.side,
    type: plan.shape.type,
    quantity: plan.quantity,
    limitPrice: plan.shape.limitPrice,
    stopPrice: plan.shape.stopPrice,
    trailBps: null,
    timeInForce: plan.shape.timeInForce,
    extendedHours: plan.shape.extendedHours,
    reduceOnly: plan.reduceOnly,
    protection: plan.protection,
    barOpenMs,
    asOfMs: atMs,
  };
}

/** An exit belongs to the choice that its entry was made with. */
function configOf({ params }: Slot, { leg, name }: OrderPlan): string {
  const configId = (name === 'exit' ? leg.book.trade : undefined)?.lots[0]?.configId ?? params?.configId;
  if (configId === undefined) throw new TypeError(`there are no parameters behind ${name}`);
  return configId;
}

/** `entry` for the primary leg, `entry_1` for the one after it. */
function orderName(name: string, { index }: Leg): string {
  return index === 0 ? name : `${name}_${index}`;
}
