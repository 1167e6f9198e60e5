import type { ExactBar } from './exact-bar.ts';
import type { FillCosts } from './fill-costs.ts';
import type { VenueBooks } from './venue-books.ts';
import type { EndReason, FillReport, VenueOrder, VenueReport } from './venue-order.ts';
import type { WorkingOrder } from './working-order.ts';

/** One bar that passes over the orders of one instrument: what they do to each other, and what is told of it. */
export class BarPassing {
  readonly bar: ExactBar;
  readonly closeMs: number;
  readonly costs: FillCosts;
  readonly books: VenueBooks;
  /** Oldest first. A fill may add the exits of a bracket at the end. */
  readonly orders: WorkingOrder[] = [];
  readonly reports: VenueReport[] = [];

  constructor(bar: ExactBar, closeMs: number, costs: FillCosts, books: VenueBooks) {
    this.bar = bar;
    this.closeMs = closeMs;
    this.costs = costs;
    this.books = books;
  }

  end(working: WorkingOrder, status: 'CANCELLED' | 'EXPIRED', reason: EndReason): void {
    working.end();
    this.reports.push({ kind: 'ended', ...nameOf(working.order), status, reason });
  }

  tellFill(working: WorkingOrder, fill: Omit<FillReport, 'kind' | 'orderId' | 'protection' | 'side'>): void {
    this.reports.push({ kind: 'fill', ...nameOf(working.order), side: working.order.side, ...fill });
  }
}

/** An exit of a bracket goes by the name of its entry. */
function nameOf({ orderId, parent }: VenueOrder): Pick<FillReport, 'orderId' | 'protection'> {
  return parent ? { orderId: parent.orderId, protection: parent.part } : { orderId, protection: null };
}
