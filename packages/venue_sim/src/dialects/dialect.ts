import type { Bar } from '@aistock/market';
import type { SimMarket, Venue } from '../markets/sim-market.ts';
import type { PageRequest } from '../world/bar-pages.ts';

/** A GET as it came. */
export interface VenueRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
}

export interface VenueAnswer {
  readonly status: number;
  /** JSON, with numbers as exactly as the bars have them. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a dialect may know of the venue while it answers one request. */
export interface VenueView {
  readonly markets: readonly SimMarket[];
  /** The venue's clock. */
  readonly nowMs: number;
  /** What it says that its clock is: the same unless it was told to err. */
  readonly toldMs: number;
  readonly page: (market: SimMarket, asked: PageRequest) => readonly Bar[];
}

/** Why nobody gets an answer now. */
export type Refusal =
  | { readonly reason: 'rate_limit'; readonly retryAfterS: number }
  | { readonly reason: 'ban'; readonly retryAfterS: number }
  | { readonly reason: 'server_error'; readonly status: number };

/** Use of the venue's budget, as it stands after this request. */
export interface Usage {
  readonly used: number;
  readonly limit: number;
  /** Until it begins anew, in whole seconds. */
  readonly resetS: number;
}

/** How one venue spells questions and answers. */
export interface Dialect {
  readonly venue: Venue;
  readonly owns: (path: string) => boolean;
  /** What a request takes of the minute's budget. */
  readonly weight: (path: string) => number;
  readonly answer: (request: VenueRequest, view: VenueView) => VenueAnswer;
  readonly refuse: (refusal: Refusal, nowMs: number) => VenueAnswer;
  /** The headers by which it tells how much of the budget is used. */
  readonly usageHeaders: (usage: Usage, nowMs: number) => Readonly<Record<string, string>>;
}

export function json(status: number, value: unknown): VenueAnswer {
  return { status, body: JSON.stringify(value) };
}
