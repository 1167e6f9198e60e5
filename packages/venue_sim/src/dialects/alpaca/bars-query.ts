import { isTimeframe, type Timeframe } from '@aistock/market';

const SYMBOLS_MAX = 100;
const LIMIT_DEFAULT = 1000;
const LIMIT_MAX = 10_000;
const DAY_MS = 86_400_000;
const ADJUSTMENTS: ReadonlySet<string> = new Set(['raw', 'split', 'dividend', 'spin-off', 'all']);
const FEEDS: ReadonlySet<string> = new Set(['iex', 'sip', 'otc', 'boats']);
const UNITS: Readonly<Record<string, string>> = {
  T: 'm',
  Min: 'm',
  H: 'h',
  Hour: 'h',
  D: 'd',
  Day: 'd',
};

/** A question for bars, as far as it could be understood. */
export interface BarsQuery {
  /** In the order in which they are answered: of their names. */
  readonly symbols: readonly string[];
  /** Undefined for one that Alpaca has and this stack has not. */
  readonly timeframe: Timeframe | undefined;
  readonly fromMs: number;
  /** The last open time that is wanted. */
  readonly untilMs: number;
  /** Of all symbols together. */
  readonly limit: number;
  readonly feed: string;
  readonly adjustment: string;
  readonly newestFirst: boolean;
  readonly pageToken: string | undefined;
}

/** @returns what is wrong, in Alpaca's words, as text. */
export function barsQuery(query: URLSearchParams, nowMs: number): BarsQuery | string {
  const symbols = [...new Set((query.get('symbols') ?? '').split(',').filter((symbol) => symbol !== ''))];
  if (symbols.length === 0) return 'symbols is required';
  if (symbols.length > SYMBOLS_MAX) return 'too many symbols';
  const [, count, unit = ''] = /^(\d{1,2})(T|Min|H|Hour|D|Day)$/.exec(query.get('timeframe') ?? '') ?? [];
  if (count === undefined) return `invalid timeframe: ${query.get('timeframe') ?? ''}`;
  const limit = Number(query.get('limit') ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    return `invalid limit: must be 1 to ${LIMIT_MAX}`;
  const adjustment = query.get('adjustment') ?? 'raw';
  if (!adjustment.split(',').every((each) => ADJUSTMENTS.has(each)))
    return `invalid adjustment: ${adjustment}`;
  const feed = query.get('feed') ?? 'sip';
  if (!FEEDS.has(feed)) return `invalid feed: ${feed}`;
  const sort = query.get('sort') ?? 'asc';
  if (sort !== 'asc' && sort !== 'desc') return `invalid sort: ${sort}`;
  const fromMs = timeMs(query.get('start')) ?? Math.floor(nowMs / DAY_MS) * DAY_MS;
  const untilMs = timeMs(query.get('end')) ?? nowMs;
  if (Number.isNaN(fromMs)) return 'invalid start';
  if (Number.isNaN(untilMs)) return 'invalid end';
  if (untilMs < fromMs) return 'end should not be before start';
  const timeframe = count + UNITS[unit]!;
  return {
    symbols: symbols.toSorted(),
    timeframe: isTimeframe(timeframe) ? timeframe : undefined,
    fromMs,
    untilMs,
    limit,
    feed,
    adjustment,
    newestFirst: sort === 'desc',
    pageToken: query.get('page_token') ?? undefined,
  };
}

/** RFC 3339 or a day; NaN where it is neither. */
function timeMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))
    : Number.NaN;
}
