import type { Side } from '@aistock/shared';
import { decimalText } from '../../decimal.ts';
import type { CoreState } from '../core-state.ts';
import type { OrderRequest } from '../order-request.ts';
import type { Leg, Slot } from '../slot-state.ts';
import { takeFill } from './take-fill.ts';
import { trackOrder } from './tracked-order.ts';

/** What is left of a leg, and on which side it is left. Decimal text. */
export interface Settling {
  readonly stream: string;
  readonly side: Side;
  readonly quantity: string;
}

/** At which price, and for which fee in the account's currency. Decimal text. */
export type SettleTerms = (left: Settling) => { readonly price: string; readonly fee: string };

/**
 * Books everything that is held as left now: where a period ends with a position, its trade has to end somewhere.
 * @returns how many legs were held.
 */
export function settleLegs(state: CoreState, terms: SettleTerms): number {
  let settled = 0;
  for (const slot of state.slots)
    for (const leg of slot.legs) {
      if (!leg.isHeld) continue;
      settleLeg(state, slot, leg, terms);
      settled++;
    }
  return settled;
}

function settleLeg(state: CoreState, slot: Slot, leg: Leg, terms: SettleTerms): void {
  const request = requestOf(state, slot, leg);
  const { decisionId, side, quantity, stream, asOfMs: atMs } = request;
  slot.orders.set(decisionId, trackOrder(request, leg.index));
  takeFill(state, {
    type: 'fill',
    decisionId,
    fillId: decisionId,
    protection: null,
    side,
    quantity,
    ...terms({ stream, side, quantity }),
    feeCurrency: state.setup.currency,
    atMs,
  });
}

/** An order at market that nobody decided and no venue sees. */
function requestOf({ closedMs }: CoreState, slot: Slot, leg: Leg): OrderRequest {
  const { id: stream, instrument } = leg.stream.setup;
  return {
    decisionId: `settle_${slot.setup.id}_${leg.index}`,
    slot: slot.setup.id,
    strategy: slot.setup.strategy.name,
    instrument,
    stream,
    leg: 'exit',
    configId: slot.params?.configId ?? '',
    side: leg.book.quantity > 0 ? 'sell' : 'buy',
    type: 'market',
    quantity: decimalText(leg.book.position.quantity.abs()),
    limitPrice: null,
    stopPrice: null,
    trailBps: null,
    timeInForce: 'day',
    extendedHours: false,
    reduceOnly: true,
    protection: null,
    barOpenMs: leg.stream.cursor.openMs(0),
    asOfMs: closedMs,
  };
}
