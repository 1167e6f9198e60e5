export { exitOrderId } from './bracket.ts';
export { fillCosts, settlementOf, type FillCosts } from './fill-costs.ts';
export { fundingCash } from './funding.ts';
export { matchBar, type Matched } from './match-bar.ts';
export type { MatchTerms } from './match-terms.ts';
export {
  venueOrder,
  type EndReason,
  type EndReport,
  type FillReport,
  type PlacedOrder,
  type VenueHolding,
  type VenueOrder,
  type VenueReport,
} from './venue-order.ts';
