import type { OrderStatus } from '@aistock/shared';
import { Decimal } from '../../decimal.ts';
import { isFinal } from '../../orders/index.ts';
import { sum } from '../../portfolio/index.ts';
import type { OrderRequest } from '../order-request.ts';

/** An order that was asked for, as far as its story was told. Plain data. */
export interface TrackedOrder {
  readonly request: OrderRequest;
  /** Index of the leg of its slot. */
  readonly legIndex: number;
  status: OrderStatus;
  /** Decimal text: what the fills that were told come to. */
  filled: string;
  /** Whether they come to what was asked for. */
  whole: boolean;
  /** Fills that were booked. */
  readonly fillIds: string[];
  /** Exits of a bracket that ended; those that did not work, or wait for its fills. */
  readonly endedExits: ('stop' | 'target')[];
}

export function trackOrder(request: OrderRequest, legIndex: number): TrackedOrder {
  return {
    request,
    legIndex,
    status: 'PENDING',
    filled: '0',
    whole: false,
    fillIds: [],
    endedExits: [],
  };
}

/** Whether the order itself may still fill. One that is FILLED works until its fills were told as well. */
export function isWorking(order: TrackedOrder): boolean {
  return !order.whole && (!isFinal(order.status) || order.status === 'FILLED');
}

/** Whether exits of a bracket may still fill. */
export function isProtecting({ request: { protection }, filled, endedExits }: TrackedOrder): boolean {
  if (protection === null || filled === '0') return false;
  const hasStop = protection.stopPrice !== null || protection.trailBps !== null;
  return (
    (hasStop && !endedExits.includes('stop')) ||
    (protection.targetPrice !== null && !endedExits.includes('target'))
  );
}

/** Whether the order is one of the quotes of its slot. */
export function isQuote({ request }: TrackedOrder): boolean {
  return request.leg.startsWith('quote');
}

/** Whether the order waits in the book until it is cancelled; what is sent to fill at once or never does not. */
export function isResting({ type, timeInForce }: OrderRequest): boolean {
  return type !== 'market' && timeInForce !== 'ioc' && timeInForce !== 'fok';
}

/** Counts a fill of the order itself. More than was asked for is what happened, and is counted too. */
export function countFill(order: TrackedOrder, quantity: string): void {
  order.filled = order.filled === '0' ? quantity : sum(order.filled, quantity);
  order.whole =
    order.filled === order.request.quantity || new Decimal(order.filled).gte(order.request.quantity);
  order.status = order.whole ? 'FILLED' : isFinal(order.status) ? order.status : 'PARTIALLY_FILLED';
}
