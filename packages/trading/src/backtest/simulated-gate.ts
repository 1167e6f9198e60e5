import { isSessionOpen, type Calendar } from '@aistock/market';
import type { Denial, OrderTerms } from '@aistock/shared';
import type { CoreSetup, OrderRequest } from '../core/index.ts';
import { Decimal, decimalText } from '../decimal.ts';
import type { VenueOrder } from '../fills/index.ts';
import { clientOrderId } from '../orders/index.ts';
import { reviewOrder, type EarlierOrder, type OpenOrder, type ReferencePrice } from '../risk/index.ts';
import type { BarTrack } from './merged-bars.ts';
import type { SimulatedVenue } from './simulated-venue.ts';

const NO_DENIALS: readonly Denial[] = [];

/** The risk gate of a simulated account: the same rules, over its books at the venue and the newest closes. */
export class SimulatedGate {
  readonly #setup: CoreSetup;
  readonly #tracks: readonly BarTrack[];
  readonly #venue: SimulatedVenue;
  #earlier: EarlierOrder[] = [];
  /** Price that each working order was judged by. */
  readonly #judgedBy = new Map<string, string>();

  constructor(setup: CoreSetup, tracks: readonly BarTrack[], venue: SimulatedVenue) {
    this.#setup = setup;
    this.#tracks = tracks;
    this.#venue = venue;
  }

  /** Every reason against an order; an account without limits is not asked for any. */
  review(request: OrderRequest): readonly Denial[] {
    const { limits } = this.#setup;
    if (limits === null) return NO_DENIALS;
    const terms = termsOf(request, this.#setup.account);
    const { asOfMs: clockMs } = request;
    this.#forget(clockMs - limits.duplicate_window_ms);
    const verdict = reviewOrder(terms, {
      limits,
      clockMs,
      books: {
        venue: 'paper',
        cash: this.#venue.cash,
        reconciled: true,
        positions: [...this.#venue.held].map(([instrument, quantity]) => ({ instrument, quantity })),
        openOrders: this.#openOrders(),
        earlierOrders: this.#earlier,
      },
      clientOrderIdUsed: false,
      prices: this.#prices(),
      inRegularHours: isSessionOpen(this.#calendarOf(request.stream), clockMs),
      kills: [],
    });
    if (verdict.verdict === 'denied') return verdict.denials;
    this.#earlier.push(earlierOf(terms, clockMs));
    this.#judgedBy.set(request.decisionId, verdict.referencePrice);
    return NO_DENIALS;
  }

  /** Forgets an order that ended. */
  end(orderId: string): void {
    this.#judgedBy.delete(orderId);
  }

  #forget(beforeMs: number): void {
    if (this.#earlier.some(({ atMs }) => atMs <= beforeMs))
      this.#earlier = this.#earlier.filter(({ atMs }) => atMs > beforeMs);
  }

  #openOrders(): OpenOrder[] {
    const open: OpenOrder[] = [];
    for (const { setup } of this.#tracks)
      for (const order of this.#venue.working.get(setup.id) ?? [])
        open.push(openOrderOf(order, setup.instrument, this.#judgedBy.get(order.orderId)));
    return open;
  }

  /** The newest closes, by instrument. */
  #prices(): ReadonlyMap<string, ReferencePrice> {
    const prices = new Map<string, ReferencePrice>();
    for (const track of this.#tracks) {
      const { instrument } = track.setup;
      const known = prices.get(instrument);
      if (track.next > 0 && !(known && known.atMs >= track.newestCloseMs))
        prices.set(instrument, {
          price: track.data.series.exactPart(track.next - 1, 'close'),
          atMs: track.newestCloseMs,
        });
    }
    return prices;
  }

  #calendarOf(stream: string): Calendar {
    const track = this.#tracks.find(({ setup }) => setup.id === stream);
    if (!track) throw new RangeError(`there is no stream ${stream}`);
    return track.setup.calendar;
  }
}

function termsOf(request: OrderRequest, account: string): OrderTerms {
  const { protection } = request;
  return {
    client_order_id: clientOrderId(request.decisionId),
    account,
    strategy: request.strategy,
    slot: request.slot,
    instrument: request.instrument,
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
  };
}

function earlierOf(terms: OrderTerms, atMs: number): EarlierOrder {
  return {
    clientOrderId: terms.client_order_id,
    strategy: terms.strategy,
    instrument: terms.instrument,
    side: terms.side,
    quantity: terms.quantity,
    atMs,
  };
}

/** What may still fill of a working order, at the highest price that it may be worth. */
function openOrderOf(order: VenueOrder, instrument: string, judgedBy = '0'): OpenOrder {
  const quantity = new Decimal(order.quantity).minus(order.filled);
  const price = Decimal.max(judgedBy, order.limitPrice ?? 0, order.stopPrice ?? 0);
  return {
    clientOrderId: clientOrderId(order.orderId),
    instrument,
    side: order.side,
    quantity: decimalText(quantity),
    price: decimalText(price),
    bracket: order.parent && clientOrderId(order.parent.orderId),
  };
}
