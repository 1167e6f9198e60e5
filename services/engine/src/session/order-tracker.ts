import type { Order, OrderIntent, OrderStatus } from '@aistock/shared';
import type { CoreEvent, FillEvent, OrderEvent, OrderRequest, SlotDecision } from '@aistock/trading/core';
import { clientOrderId, exitDecisionId, isFinal } from '@aistock/trading/orders';

type Part = 'stop' | 'target';
type Fill = Order['fills'][number];
const PARTS: readonly Part[] = ['stop', 'target'];

/** What the core was told of an order or of an exit behind it. */
interface Told {
  status: OrderStatus | null;
  readonly fillIds: string[];
}

/** An order that was decided, and how much of its story was told. Plain data. */
export interface TrackedOrder {
  readonly request: OrderRequest;
  /** Null until the executor answers. */
  orderId: string | null;
  /** Whether a decision has taken it back. */
  isTakenBack: boolean;
  readonly own: Told;
  readonly exits: Readonly<Partial<Record<Part, Told>>>;
}

/** The states in which nobody knows yet what will become of an order. */
const UNSETTLED: ReadonlySet<OrderStatus | null> = new Set([
  null,
  'PENDING',
  'CHECKED',
  'SENDING',
  'UNKNOWN',
]);

/**
 * Which orders are open, and what of the executor's record the core has not been told yet. It follows from the decisions
 * and the events alone, so that a journal brings it back.
 */
export class OrderTracker {
  /** By decision id, in the order of the decisions. */
  readonly #open: Map<string, TrackedOrder>;
  /** The order, and which part of it, behind a decision id of the executor. */
  readonly #byDecision = new Map<string, { readonly order: TrackedOrder; readonly part: Part | null }>();

  constructor(open: readonly TrackedOrder[] = []) {
    this.#open = new Map();
    for (const order of structuredClone(open)) this.#add(order);
  }

  get open(): readonly TrackedOrder[] {
    return [...this.#open.values()];
  }

  /** Orders whose outcome is not known. */
  get unsettled(): readonly TrackedOrder[] {
    return this.open.filter(({ own }) => UNSETTLED.has(own.status));
  }

  /** Whether bars can fill anything. */
  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  find(decisionId: string): TrackedOrder | undefined {
    return this.#open.get(decisionId);
  }

  decided({ orders, cancels }: Pick<SlotDecision, 'orders' | 'cancels'>): void {
    for (const decisionId of cancels) {
      const order = this.#open.get(decisionId);
      if (order) order.isTakenBack = true;
    }
    for (const request of orders) {
      const exits = Object.fromEntries(exitParts(request).map((part) => [part, newTold()]));
      this.#add({ request, orderId: null, isTakenBack: false, own: newTold(), exits });
    }
  }

  /** Whether the executor's order is one of these, or an exit behind one. */
  knows({ decision_id: decisionId }: Order): boolean {
    return this.#byDecision.has(decisionId);
  }

  /** What the executor's orders say that the core was not told: fills in the order of time, then states. */
  news(orders: readonly Order[]): (FillEvent | OrderEvent)[] {
    const fills: { readonly event: FillEvent; readonly fill: Fill }[] = [];
    const states: OrderEvent[] = [];
    for (const order of orders) {
      const known = this.#byDecision.get(order.decision_id);
      if (!known) continue;
      const { order: tracked, part } = known;
      if (part !== null && order.status === 'PENDING') continue; // it waits for its entry, which is no news
      if (part === null) tracked.orderId = order.order_id;
      const told = part === null ? tracked.own : tracked.exits[part]!;
      const where = { decisionId: tracked.request.decisionId, protection: part };
      for (const fill of order.fills)
        if (!told.fillIds.includes(fillName(fill)))
          fills.push({ fill, event: { type: 'fill', ...where, side: order.side, ...amountsOf(fill) } });
      if (told.status !== order.status)
        states.push({ type: 'order', ...where, status: order.status, reason: reasonOf(order) });
    }
    return [...fills.toSorted(byTime).map(({ event }) => event), ...states];
  }

  /** Notes what the core was told; an order of which nothing more can come is let go. */
  told(event: CoreEvent): void {
    if (event.type !== 'fill' && event.type !== 'order') return;
    const order = this.#open.get(event.decisionId);
    const told = event.protection === null ? order?.own : order?.exits[event.protection];
    if (!order || !told) return;
    if (event.type === 'fill') told.fillIds.push(event.fillId);
    else told.status = event.status;
    if (hasEnded(order)) this.#remove(order);
  }

  #add(order: TrackedOrder): void {
    const { decisionId } = order.request;
    this.#open.set(decisionId, order);
    this.#byDecision.set(decisionId, { order, part: null });
    for (const part of PARTS)
      if (order.exits[part])
        this.#byDecision.set(exitDecisionId(clientOrderId(decisionId), part), { order, part });
  }

  #remove({ request: { decisionId }, exits }: TrackedOrder): void {
    this.#open.delete(decisionId);
    this.#byDecision.delete(decisionId);
    for (const part of PARTS)
      if (exits[part]) this.#byDecision.delete(exitDecisionId(clientOrderId(decisionId), part));
  }
}

function newTold(): Told {
  return { status: null, fillIds: [] };
}

function exitParts({ protection }: OrderRequest): Part[] {
  if (!protection) return [];
  const hasStop = protection.stopPrice !== null || protection.trailBps !== null;
  return PARTS.filter((part) => (part === 'stop' ? hasStop : protection.targetPrice !== null));
}

function hasEnded({ own, exits }: TrackedOrder): boolean {
  if (own.status === null || !isFinal(own.status)) return false;
  return PARTS.every((part) => {
    const status = exits[part]?.status;
    return exits[part] === undefined || own.fillIds.length === 0 || (status != null && isFinal(status));
  });
}

/** Two venues may number their fills alike. */
const fillName = ({ venue, fill_id: fillId }: Fill): string => `${venue} ${fillId}`;

function amountsOf(fill: Fill) {
  const { quantity, price, fee, fee_currency: feeCurrency, filled_ms: atMs } = fill;
  return { fillId: fillName(fill), quantity, price, fee, feeCurrency, atMs };
}

/** In the order of time; of one time in the order in which the venue numbered them. */
function byTime(a: { readonly fill: Fill }, b: { readonly fill: Fill }): number {
  return a.fill.filled_ms - b.fill.filled_ms || byNumber(a.fill.fill_id, b.fill.fill_id);
}

function byNumber(a: string, b: string): number {
  if (a === b) return 0;
  return a.length - b.length || (a < b ? -1 : 1);
}

function reasonOf({ denials, reason }: Order): string | null {
  return denials.length > 0 ? denials.map(({ code }) => code).join(',') : reason;
}

/** An order request as the executor takes it. */
export function intentOf(account: string, request: OrderRequest): OrderIntent {
  const { protection } = request;
  return {
    decision_id: request.decisionId,
    account,
    strategy: request.strategy,
    slot: request.slot,
    instrument: request.instrument,
    stream: request.stream,
    leg: request.leg,
    config_id: request.configId,
    side: request.side,
    order_type: request.type,
    quantity: request.quantity,
    limit_price: request.limitPrice,
    stop_price: request.stopPrice,
    trail_bps: request.trailBps,
    time_in_force: request.timeInForce,
    extended_hours: request.extendedHours,
    reduce_only: request.reduceOnly,
    protection: protection && {
      stop_price: protection.stopPrice,
      target_price: protection.targetPrice,
      trail_bps: protection.trailBps,
    },
    bar_open_ms: request.barOpenMs,
    as_of_ms: request.asOfMs,
  };
}
