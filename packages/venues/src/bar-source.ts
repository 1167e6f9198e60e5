import type { Bar, Timeframe } from '@aistock/market';

export interface BarRequest {
  /** Such as `SP500` or `BTC/USDT`. */
  readonly instrument: string;
  readonly timeframe: Timeframe;
  /** Bars that open at or after this, Unix ms UTC; undefined is for the source to choose where to begin. */
  readonly sinceMs: number | undefined;
  /** At most so many bars, at least 1. */
  readonly limit: number;
}

/** Where bars came from: one answer of a server, or one file. */
export interface Provenance {
  /** Of the request, unique; of a file, its SHA-256. */
  readonly requestId: string;
  /** The request's URL, or the file's path inside its folder. Never with a secret. */
  readonly origin: string;
  /** SHA-256 of the bytes as they came, lower-case hex. */
  readonly sha256: string;
  /** The bytes as they came; absent where the origin is a file, which can be read again. */
  readonly bytes?: Uint8Array;
  /** Of the HTTP answer; null where the origin is a file. */
  readonly status: number | null;
  /** What the source's clock said with the answer, Unix ms UTC, to a second; null where it said nothing. */
  readonly sourceClockMs: number | null;
  /** When the answer had come, by our own clock, Unix ms UTC. */
  readonly receivedMs: number;
}

/** Bars that were asked for and that the source does not keep: a gap that no repetition will fill. */
export interface UnservedRange {
  /** Open times, Unix ms UTC; the second is the first that is served again. */
  readonly fromMs: number;
  readonly toMs: number;
  /** For people. */
  readonly why: string;
}

export interface FetchedBars {
  /** Which source gave them: in a chain of sources not always the same. */
  readonly source: string;
  /** In the source's order, unchecked: the last one may still be open. Numbers are exact decimal text. */
  readonly bars: readonly Bar[];
  /** True where the source has, or may have, more bars after these. */
  readonly more: boolean;
  /** Ranges of the request that the source does not serve. */
  readonly unserved?: readonly UnservedRange[];
  readonly provenance: readonly Provenance[];
}

/** A place that bars come from. Every method fails with a {@link SourceError}. */
export interface BarSource {
  /** As in stream names: lower case, digits and underscores. */
  readonly name: string;
  /** The source makes no bar while nobody trades, so that a missing bar is not a fault. */
  readonly tradesOnly: boolean;
  /** The source's own clock, Unix ms UTC: what has not closed by then is still open. */
  readonly clockMs: () => Promise<number>;
  readonly fetchBars: (request: BarRequest) => Promise<FetchedBars>;
}

export type SourceErrorCode =
  /** No answer, or not now: worth another try later. */
  | 'source_unreachable'
  | 'rate_limited'
  /** How much of the venue's budget is left cannot be known: nothing is sent. */
  | 'budget_unavailable'
  /** It failed too often in a row, and is left alone for a while. */
  | 'breaker_open'
  /** The source does not serve us: region, permission, closed market. */
  | 'source_refused'
  | 'unknown_exchange'
  | 'unknown_instrument'
  | 'unknown_timeframe'
  /** Whatever is asked, the source gives nothing new though there is more. */
  | 'source_stuck'
  /** What came cannot be read as bars. */
  | 'malformed_data';

/** Why a source gave no bars. `code` is stable, the message is for people. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  /** The line of the file that could not be read, from 1. */
  readonly line: number | undefined;
  /** What could not be read, as it came, where it is at hand. */
  readonly bytes: Uint8Array | undefined;
  /** How long to stay away, in ms from when it was thrown, where that is known. */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: SourceErrorCode,
    message: string,
    details: {
      cause?: unknown;
      line?: number;
      bytes?: Uint8Array | undefined;
      retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.line = details.line;
    this.bytes = details.bytes;
    this.retryAfterMs = details.retryAfterMs;
  }
}
