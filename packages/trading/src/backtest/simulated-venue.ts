import {
  fillCosts,
  fundingCash,
  matchBar,
  type FillCosts,
  type Matched,
  type VenueHolding,
  type VenueOrder,
} from '../fills/index.ts';
import { sum } from '../portfolio/index.ts';
import { detailBars } from './detail-bars.ts';
import { fillByRule } from './fill-by-rule.ts';
import type { BarTrack } from './merged-bars.ts';
import type { BacktestTerms } from './terms.ts';

const NO_ORDERS: readonly VenueOrder[] = [];

/** The account at its venue: what it has there, and the orders that work. */
export class SimulatedVenue {
  readonly latencyMs: number;
  readonly #terms: Pick<BacktestTerms, 'fillRule'>;
  readonly #costs: FillCosts;
  #cash: string;
  readonly #held: Map<string, string>;
  /** By the stream whose bars fill them, oldest first. */
  readonly #orders: Map<string, readonly VenueOrder[]>;

  constructor(terms: BacktestTerms) {
    this.#terms = terms;
    this.#costs = fillCosts(terms.costs);
    this.latencyMs = terms.costs.latency_ms;
    this.#cash = terms.start?.cash ?? terms.setup.startCash;
    this.#held = new Map(terms.start?.held);
    this.#orders = new Map(terms.start?.working);
  }

  get cash(): string {
    return this.#cash;
  }

  /** Everything that is held, by instrument. */
  get held(): ReadonlyMap<string, string> {
    return this.#held;
  }

  /** Orders that work, exits of brackets among them, by stream. */
  get working(): ReadonlyMap<string, readonly VenueOrder[]> {
    return this.#orders;
  }

  place(stream: string, order: VenueOrder): void {
    this.#orders.set(stream, [...(this.#orders.get(stream) ?? NO_ORDERS), order]);
  }

  /** Takes an order away, and the exits that wait behind it. @returns what was taken. */
  cancel(orderId: string): readonly VenueOrder[] {
    for (const [stream, orders] of this.#orders) {
      const taken = orders.filter((order) => (order.parent?.orderId ?? order.orderId) === orderId);
      if (taken.length === 0) continue;
      this.#orders.set(
        stream,
        orders.filter((order) => !taken.includes(order)),
      );
      return taken;
    }
    return NO_ORDERS;
  }

  /** Lets the next bar of a track pass over the orders that wait for it; undefined where none do. */
  match(track: BarTrack): Matched['reports'] | undefined {
    const { id, instrument, timeframe, calendar } = track.setup;
    const orders = this.#orders.get(id);
    if (orders === undefined || orders.length === 0) return undefined;
    const bar = track.data.series.lazy(track.next);
    const holding = { cash: this.#cash, quantity: this.#held.get(instrument) ?? '0' };
    const { fillRule } = this.#terms;
    const detail = detailBars(track);
    const terms = { costs: this.#costs, timeframe, calendar, ...(detail && { detail }) };
    const matched = fillRule
      ? fillByRule(orders, bar, holding, fillRule)
      : matchBar(orders, bar, holding, terms);
    this.#orders.set(id, matched.orders);
    this.#settle(instrument, matched.holding);
    return matched.reports;
  }

  /** Pays or takes funding on what is held of an instrument. @returns the change of cash, decimal text. */
  fund(instrument: string, funding: { readonly rate: string; readonly markPrice: string }): string {
    const change = fundingCash(funding, this.#held.get(instrument) ?? '0');
    this.#cash = sum(this.#cash, change);
    return change;
  }

  #settle(instrument: string, { cash, quantity }: VenueHolding): void {
    this.#cash = cash;
    if (quantity === '0') this.#held.delete(instrument);
    else this.#held.set(instrument, quantity);
  }
}
