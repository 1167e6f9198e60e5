import type { OrderType, Protection, Side, TimeInForce } from '@aistock/shared';

/** An order as it goes to a venue. Amounts are decimal strings. */
export interface BrokerOrderRequest {
  /** Sending the same one again must not make a second order. */
  readonly clientOrderId: string;
  readonly instrument: string;
  readonly stream: string;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly trailBps: number | null;
  readonly timeInForce: TimeInForce;
  readonly extendedHours: boolean;
  readonly reduceOnly: boolean;
  /** Makes it a bracket: the exits go by `exitClientOrderId` of the entry's id, and are told of only once they work. */
  readonly protection: Protection | null;
  /** When it was decided, by the clock of the account, Unix ms. */
  readonly asOfMs: number;
}

export interface BrokerOrder {
  readonly clientOrderId: string;
  readonly brokerOrderId: string;
  readonly status: 'working' | 'filled' | 'cancelled' | 'expired' | 'rejected';
  /** How much of it has filled: an order ends here only once all of that is booked. */
  readonly filledQuantity: string;
  /** Why it ended, where it did not fill. */
  readonly reason: string | null;
}

export interface BrokerFill {
  /** Unique at the venue. */
  readonly fillId: string;
  readonly clientOrderId: string;
  /** The venue's own id of the order: it may fill before anything else is heard of it. */
  readonly brokerOrderId: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  /** The account's currency, or the instrument's base where the fee came out of what was bought. */
  readonly feeCurrency: string;
  readonly filledMs: number;
}

export interface FillPage {
  readonly fills: readonly BrokerFill[];
  /** Where the next page starts; null while there was no fill yet. */
  readonly cursor: string | null;
  /** True where there are more fills behind this page. */
  readonly more: boolean;
}

export interface BrokerPosition {
  readonly instrument: string;
  readonly quantity: string;
}

/** The venue said no, definitely: the order does not exist there and never will. */
export class VenueRejection extends Error {
  override readonly name = 'VenueRejection';
}

/**
 * A venue and its own books. A `submit` that fails with anything else than a {@link VenueRejection} may have
 * reached the venue all the same.
 */
export interface Broker {
  /** Name of the venue; with a fill's id it names the fill. */
  readonly name: string;
  /**
   * Sends at once: an order that waits in a queue or is tried again could leave after a kill was acknowledged.
   * @param giveUp once it is aborted nobody waits for the answer, and what has not left must not leave any more.
   */
  submit(
    account: string,
    order: BrokerOrderRequest,
    giveUp: AbortSignal,
  ): Promise<{ readonly brokerOrderId: string }>;
  /** Asks for a working order to be cancelled; one that has ended stays as it is. */
  cancel(account: string, clientOrderId: string): Promise<void>;
  /** From the complete history of the account: undefined means that the venue does not have it. */
  findOrder(account: string, clientOrderId: string): Promise<BrokerOrder | undefined>;
  listOpenOrders(account: string): Promise<readonly BrokerOrder[]>;
  /** Fills after a cursor, in the order in which they happened. */
  listFills(account: string, cursor: string | null): Promise<FillPage>;
  positions(account: string): Promise<readonly BrokerPosition[]>;
  cash(account: string): Promise<string>;
}
