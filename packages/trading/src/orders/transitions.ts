import type { OrderStatus } from '@aistock/shared';

/**
 * What can happen to an order.
 *
 * - `permit`: risk_gate approved it. `deny`: the gate, or a failure on the way to it, refused.
 * - `start_send`: `send_started` is on disk; from here on the venue may know the order.
 * - `withhold`: this process knows that it sent nothing, and will not.
 * - `acknowledge`, `reject`, `cancel`, `expire`: the venue's own word; `acknowledge_part` of an order that has filled in part.
 * - `activate`: the entry that an exit of a bracket protects filled, so that the exit works.
 * - `lose_track`: no answer, or one that says neither yes nor no, to a send or to a cancel.
 * - `find_absent`: the venue's complete history does not have it; it goes back to be checked anew.
 * - `lapse`: too old to be sent.
 * - `fill_part`, `fill_rest`: an execution that leaves something open, or nothing.
 */
export type OrderEvent =
  | 'permit'
  | 'deny'
  | 'start_send'
  | 'withhold'
  | 'acknowledge'
  | 'acknowledge_part'
  | 'activate'
  | 'reject'
  | 'cancel'
  | 'expire'
  | 'lose_track'
  | 'find_absent'
  | 'lapse'
  | 'fill_part'
  | 'fill_rest';

/** What the venue may say of an order that it has. */
const AT_VENUE = {
  cancel: 'CANCELLED',
  expire: 'EXPIRED',
  fill_part: 'PARTIALLY_FILLED',
  fill_rest: 'FILLED',
} as const;

/** An order that was closed with a rest open. Its fills may be reported after its end, and are never dropped. */
const fillsAfter = (status: 'CANCELLED' | 'EXPIRED') => ({ fill_part: status, fill_rest: 'FILLED' }) as const;

/**
 * Every legal step of an order; all others are errors. UNKNOWN is left on the venue's word only: `find_absent`
 * and `lapse` from there need its complete history.
 */
export const ORDER_TRANSITIONS: Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderEvent, OrderStatus>>>>
> = {
  PENDING: { permit: 'CHECKED', deny: 'DENIED', lapse: 'EXPIRED', cancel: 'CANCELLED', activate: 'WORKING' },
  CHECKED: { start_send: 'SENDING', deny: 'DENIED', lapse: 'EXPIRED' },
  SENDING: {
    ...AT_VENUE,
    withhold: 'DENIED',
    acknowledge: 'WORKING',
    reject: 'REJECTED',
    lose_track: 'UNKNOWN',
  },
  UNKNOWN: {
    ...AT_VENUE,
    acknowledge: 'WORKING',
    acknowledge_part: 'PARTIALLY_FILLED',
    reject: 'REJECTED',
    find_absent: 'PENDING',
    lapse: 'EXPIRED',
  },
  WORKING: { ...AT_VENUE, reject: 'REJECTED', lose_track: 'UNKNOWN' }, // some venues take an order in before they judge it
  PARTIALLY_FILLED: { ...AT_VENUE, lose_track: 'UNKNOWN' },
  FILLED: {},
  CANCELLED: fillsAfter('CANCELLED'),
  REJECTED: {},
  EXPIRED: fillsAfter('EXPIRED'),
  DENIED: {},
};

/** A step that the transition table does not have. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
  readonly from: OrderStatus;
  readonly event: OrderEvent;
  constructor(from: OrderStatus, event: OrderEvent) {
    super(`an order that is ${from} cannot ${event}`);
    this.from = from;
    this.event = event;
  }
}

/**
 * The status after an event.
 * @throws IllegalTransition where the table has no such step.
 */
export function nextStatus(from: OrderStatus, event: OrderEvent): OrderStatus {
  const to = ORDER_TRANSITIONS[from][event];
  if (to === undefined) throw new IllegalTransition(from, event);
  return to;
}

/** Whether the venue can have something of the order open: what exposure is counted for. */
export function isOpenAtVenue(status: OrderStatus): boolean {
  return (
    status === 'SENDING' || status === 'UNKNOWN' || status === 'WORKING' || status === 'PARTIALLY_FILLED'
  );
}

/** Whether nothing but a late fill can change the order any more. */
export function isFinal(status: OrderStatus): boolean {
  return !isOpenAtVenue(status) && status !== 'PENDING' && status !== 'CHECKED';
}
