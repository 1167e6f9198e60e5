import { sameAmount } from '@aistock/trading/portfolio';

interface Holdings {
  /** Quantity by instrument; an instrument that is absent is flat. */
  readonly positions: ReadonlyMap<string, string>;
  readonly cash: string;
}

/** Orders are named by their client order ids. */
export interface OurBooks extends Holdings {
  /** Read before the venue's: these have to work there. */
  readonly working: ReadonlySet<string>;
  /** Read after the venue's: these may work there, such as one that is being sent. */
  readonly notFinal: ReadonlySet<string>;
}

export interface VenueBooks extends Holdings {
  readonly openOrders: ReadonlySet<string>;
}

/** Every difference between our books and the venue's, one sentence each, in a fixed order; none where they agree. */
export function compareBooks(ours: OurBooks, venue: VenueBooks): string[] {
  return [...compareOrders(ours, venue), ...comparePositions(ours, venue), ...compareCash(ours, venue)];
}

function compareOrders(ours: OurBooks, venue: VenueBooks): string[] {
  return [
    ...without(ours.working, venue.openOrders).map((id) => `order ${id} works here and not at the venue`),
    ...without(venue.openOrders, ours.notFinal).map((id) => `order ${id} works at the venue and not here`),
  ];
}

function without(ids: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...ids].filter((id) => !others.has(id)).toSorted(byText);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function comparePositions(ours: Holdings, venue: Holdings): string[] {
  const instruments = [...new Set([...ours.positions.keys(), ...venue.positions.keys()])].toSorted(byText);
  return instruments.flatMap((instrument) => {
    const here = ours.positions.get(instrument) ?? '0';
    const there = venue.positions.get(instrument) ?? '0';
    return sameAmount(here, there)
      ? []
      : [`position in ${instrument} is ${here} here and ${there} at the venue`];
  });
}

function compareCash(ours: Holdings, venue: Holdings): string[] {
  return sameAmount(ours.cash, venue.cash)
    ? []
    : [`cash is ${ours.cash} here and ${venue.cash} at the venue`];
}
