/** What a request is for, the most urgent first: the less urgent may use only a part of a venue's budget. */
export const PRIORITIES = ['cancel', 'order', 'query', 'data'] as const;
/** One of {@link PRIORITIES}. */
export type Priority = (typeof PRIORITIES)[number];

/** A request that is about to be sent. */
export interface PacedRequest {
  /** Whose budget it is taken from, such as `binance`; a key with a budget of its own is a venue of its own. */
  readonly venue: string;
  /** What the venue counts for it: a whole number from 1, in the unit of its limits. */
  readonly weight: number;
  readonly priority: Priority;
  /** Ends the waiting; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** An answer that has come, of any status. */
export interface PacedAnswer {
  readonly venue: string;
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  /** Our clock when it came, Unix ms UTC. */
  readonly nowMs: number;
}

/** Keeps the requests of everybody who asks a venue within what that venue allows. */
export interface Pacer {
  /**
   * Returns when the request may be sent, and counts it as sent.
   * @throws SourceError `rate_limited`, with `retryAfterMs`, where that would take longer than its bound, or the venue
   *   has banned us; `budget_unavailable` where it cannot be known.
   */
  readonly take: (request: PacedRequest) => Promise<void>;
  /** Learns from an answer: a ban, or that more of the budget is used than was counted here. Never throws. */
  readonly note: (answer: PacedAnswer) => Promise<void>;
}

/** Lets everything through at once: for servers of our own, which have no limit. */
export const unpaced: Pacer = { take: () => Promise.resolve(), note: () => Promise.resolve() };
