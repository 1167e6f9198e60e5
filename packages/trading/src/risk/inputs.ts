import type { Limits, Side } from '@aistock/shared';

/** A price seen in the market and when it was complete: the close of a closed bar. */
export interface ReferencePrice {
  readonly price: string;
  readonly atMs: number;
}

/** What may still fill of an order: an open one, one of unknown outcome, or a permit that was not used yet. */
export interface OpenOrder {
  readonly clientOrderId: string;
  readonly instrument: string;
  readonly side: Side;
  readonly quantity: string;
  /** What the gate judged it by: its limit or stop price or the reference price of then, whichever is highest. */
  readonly price: string;
  /** Of an exit of a bracket its entry's client order id: only one of them fills, and none opens a position. */
  readonly bracket: string | null;
}

export interface HeldPosition {
  readonly instrument: string;
  /** Above zero long, below zero short. */
  readonly quantity: string;
}

/** An order that was permitted before, for the search for duplicates. */
export interface EarlierOrder {
  readonly clientOrderId: string;
  readonly strategy: string;
  readonly instrument: string;
  readonly side: Side;
  readonly quantity: string;
  /** When it was decided, by the clock of the account, Unix ms. */
  readonly atMs: number;
}

export interface ActiveKill {
  readonly scope: string;
  readonly level: 'reducing' | 'halted';
}

/** The books of an account as they stand under its lock. */
export interface AccountBooks {
  readonly venue: string;
  readonly cash: string;
  readonly reconciled: boolean;
  readonly positions: readonly HeldPosition[];
  readonly openOrders: readonly OpenOrder[];
  readonly earlierOrders: readonly EarlierOrder[];
}

/** Everything that a verdict rests on. What could not be found out is absent, and absence denies. */
export interface RiskInputs {
  readonly limits: Limits | undefined;
  /** The account's clock, Unix ms: the wall's, or the order's own `as_of_ms` where the limits say `replay`. */
  readonly clockMs: number;
  readonly books: AccountBooks | undefined;
  readonly clientOrderIdUsed: boolean;
  /** By instrument; one is needed for the order's own and for every instrument with a position or an open order. */
  readonly prices: ReadonlyMap<string, ReferencePrice>;
  /** Whether the order's instrument trades in its regular hours at the account's clock; undefined where that is not known. */
  readonly inRegularHours: boolean | undefined;
  readonly kills: readonly ActiveKill[];
}
