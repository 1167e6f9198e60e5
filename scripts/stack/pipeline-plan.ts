import { TIMEFRAME_MS, type Timeframe } from '@aistock/market';
import type { Limits } from '@aistock/shared';

/** The paper account that the pipeline trades on. */
export const PAPER_ACCOUNT = 'paper';
export const PAPER_TERMS = {
  account: PAPER_ACCOUNT,
  currency: 'USD',
  start_cash: '100000',
  costs: {
    fees: { maker_bps: 5, taker_bps: 5, taken_in: 'quote' },
    spread: { type: 'bps', bps: 0 },
    slippage: { type: 'fixed', bps: 2 },
    latency_ms: 0,
    participation_max: null,
  },
} as const;

/** The packaged series is trained on 2000 to 2018 and traded from then on. */
const PACKAGED_STREAM = 'csv:SP500:1d';
const PACKAGED_TRAIN_UNTIL_MS = Date.UTC(2019, 0, 1);
/** Of any other history the first four fifths train the model. */
const TRAIN_SHARE = 0.8;

const DAY_MS = 86_400_000;
/** A daily price may be as old as the longest closing of an exchange; after it, it is stale. */
const PRICE_AGE_DAYS_MAX = 8;

interface SourceRange {
  readonly first_open_ms: number;
  readonly last_open_ms: number;
}

/** Where training ends and the paper session starts: the model has seen nothing of what it trades. */
export function trainUntilMs(stream: string, range: SourceRange, asked: string | undefined): number {
  if (asked !== undefined) return parseDay(asked);
  if (stream === PACKAGED_STREAM && PACKAGED_TRAIN_UNTIL_MS < range.last_open_ms)
    return PACKAGED_TRAIN_UNTIL_MS;
  return Math.floor(range.first_open_ms + TRAIN_SHARE * (range.last_open_ms - range.first_open_ms));
}

function parseDay(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new Error(`TRAIN_UNTIL must be a day such as 2018-12-31, not ${text}`);
  return ms;
}

/**
 * Whether a stream is trained before it is traded. Where a start that was cut off has ingested past the end of training
 * and left a model, its new files wait until they are traded: a model must not have seen what it trades.
 */
export function trainsFirst(
  plan: Pick<StreamPlan, 'trainUntilMs'>,
  known: { readonly lastOpenMs: number | null; readonly hasModel: boolean },
): boolean {
  return !known.hasModel || known.lastOpenMs === null || known.lastOpenMs < plan.trainUntilMs;
}

/**
 * Streams of one instrument differ in timeframe. An account values an instrument by the prices of one of them, and
 * trades on that: the one with the longest bars.
 */
export function tradedStreams<Stream extends { readonly instrument: string; readonly timeframe: Timeframe }>(
  streams: readonly Stream[],
): readonly Stream[] {
  const byInstrument = new Map<string, Stream>();
  for (const stream of streams.toSorted((a, b) => TIMEFRAME_MS[b.timeframe] - TIMEFRAME_MS[a.timeframe]))
    if (!byInstrument.has(stream.instrument)) byInstrument.set(stream.instrument, stream);
  return [...byInstrument.values()];
}

/** Notional limits bind at any price; a coin may cost a hundred-thousandth of the account's currency. */
const instrumentLimits = (stream: string): Limits['instruments'][string] => ({
  price_stream: stream,
  price_age_ms_max: PRICE_AGE_DAYS_MAX * DAY_MS,
  tick_size: '0.00000001',
  lot_size: '0.0001',
  quantity_max: '1000000000000',
  notional_min: '10',
  notional_max: '100000',
  collar_bps: 500,
  stop_distance_bps_max: 5_000,
  gross_notional_max: '150000',
});

interface StreamToPlan {
  readonly stream: string;
  readonly timeframe: Timeframe;
  readonly source_range: SourceRange | null;
}

/** What the pipeline does with one stream. */
export interface StreamPlan {
  readonly stream: string;
  readonly trainUntilMs: number;
  /** When the last bar of the source has closed. */
  readonly endMs: number;
  readonly barMs: number;
}

/** @throws Error where the source has no bars. */
export function planOf(stream: StreamToPlan, asked: string | undefined): StreamPlan {
  const range = stream.source_range;
  if (range === null) throw new Error(`the source of ${stream.stream} has no bars`);
  const barMs = TIMEFRAME_MS[stream.timeframe];
  return {
    stream: stream.stream,
    trainUntilMs: trainUntilMs(stream.stream, range, asked),
    endMs: range.last_open_ms + barMs,
    barMs,
  };
}

/** Limits for the paper account: what the pipeline sets before it trades, since the gate denies what has none. */
export function paperLimits(
  streams: readonly { stream: string; instrument: string }[],
  strategy: string,
): Limits {
  return {
    account: PAPER_ACCOUNT,
    clock: 'replay',
    strategies: [strategy],
    restricted: [],
    duplicate_window_ms: 1_000,
    gross_notional_max: '200000',
    instruments: Object.fromEntries(
      streams.map(({ stream, instrument }) => [instrument, instrumentLimits(stream)]),
    ),
  };
}
