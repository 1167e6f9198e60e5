import type { Bar, ExchangeDay, Timeframe } from '@aistock/market';
import type { CorporateAction } from './corporate-action.ts';

/** What is asked of a source: one page of bars of one instrument. */
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
  /** The bytes as they came; absent where the origin is a file, which can be read again, or where they hold a secret. */
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

/** A source of a chain that did not give the bars, and why. */
export interface PassedOver {
  readonly source: string;
  readonly code: SourceErrorCode;
  /** For people. */
  readonly detail: string;
}

/** What a source gave, and where it came from. */
export interface FetchedBars {
  /** Which source gave them: in a chain of sources not always the same. */
  readonly source: string;
  /** In the source's order, unchecked: the last one may still be open. Numbers are exact decimal text. */
  readonly bars: readonly Bar[];
  /** True where the source has, or may have, more bars after these. */
  readonly more: boolean;
  /** The clock of that source before it was asked; undefined where it is the clock that {@link BarSource} tells. */
  readonly clockMs?: number;
  /** Sources of a chain that were asked, or would have been, before this one. */
  readonly passedOver?: readonly PassedOver[];
  /** Ranges of the request that the source does not serve. */
  readonly unserved?: readonly UnservedRange[];
  /** Splits and dividends of the range, where the source tells them with its bars. */
  readonly actions?: readonly CorporateAction[];
  readonly provenance: readonly Provenance[];
}

/** What all bars of a source have in common: what their numbers mean. What is not told is not known. */
export interface SourceFacts {
  /** Which of a vendor's feeds, such as `iex`. */
  readonly feed?: string;
  /** What prices were changed for: what happened to the share since is worked into all of its earlier bars. */
  readonly adjustment?: 'raw' | 'split' | 'dividend' | 'all';
}

/** Whether a source makes no bar while nobody trades, so that a missing bar is not a fault; `intraday`: but one of a day is. */
export type TradesOnly = boolean | 'intraday';

/** A place that bars come from. Every method fails with a {@link SourceError}. */
export interface BarSource {
  /** As in stream names: lower case, digits and underscores. */
  readonly name: string;
  readonly tradesOnly: TradesOnly;
  readonly facts?: SourceFacts;
  /** So long after it closed a bar is given at the earliest, in ms; at once unless told. */
  readonly delayMs?: number;
  /** The source's own clock, Unix ms UTC: what has not closed by then is still open. */
  readonly clockMs: () => Promise<number>;
  readonly fetchBars: (request: BarRequest) => Promise<FetchedBars>;
  /** The trading days of the source's own calendar that begin in [fromMs, toMs), in order. */
  readonly calendarDays?: (fromMs: number, toMs: number) => Promise<readonly ExchangeDay[]>;
}

/** Why a source gave no bars; stable, and told to callers of the API as it is. */
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
  /** The answers of the server until then, oldest first; none where there was no server, or none answered. */
  readonly answers: readonly Provenance[];
  /** How long to stay away, in ms from when it was thrown, where that is known. */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: SourceErrorCode,
    message: string,
    details: {
      cause?: unknown;
      line?: number;
      bytes?: Uint8Array | undefined;
      answers?: readonly Provenance[];
      retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.line = details.line;
    this.bytes = details.bytes;
    this.answers = details.answers ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}
