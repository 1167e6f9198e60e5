export type { MatchTerms } from './match-terms.ts';
export type { VenueHolding, VenueOrder, VenueReport } from './venue-order.ts';
