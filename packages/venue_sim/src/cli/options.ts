import { parseArgs } from 'node:util';
import { isTimeframe, type Timeframe } from '@aistock/market';
import { VENUES, type Venue } from '../markets/sim-market.ts';

export const USAGE = `Starts a local server that speaks market data of Binance, Kraken and Alpaca, until it is stopped.

  ./scripts/venue-sim --market binance:BTC/USDT:1m [--bars generated] [--market ... --bars ...]

  --market V:I:T     venue (${VENUES.join(', ')}), instrument and timeframe; one for each market
  --bars FILE        a file of the csv source, plain or .gz, or \`generated\` (default); one for each market, in order
  --seed N           of generated bars (default 1)
  --count N          of generated bars (default 1000000)
  --since DAY        when generated bars begin, such as 2024-01-01 (default)
  --history N        bars that have opened when it starts (default 5000)
  --speed N          the venue's time in ours: 1 is real time (default), 60 a minute a second, 0 stands still
  --port N           default 8010; 0 for any that is free
  --misbehave JSON   a rule such as '{"kind":"rate_limit","rate":0.1}', as /_sim/misbehave takes it; more than once
  --json             one JSON object on standard output instead of sentences
  --help             this page

Exit code: 0 stopped by a signal, 1 failed, 64 the command line cannot be followed.
`;

const MARKETS_MAX = 50;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface MarketOption {
  readonly venue: Venue;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  /** A path; undefined for generated bars. */
  readonly file: string | undefined;
}

export interface Options {
  readonly markets: readonly MarketOption[];
  readonly seed: number;
  readonly count: number;
  readonly sinceMs: number;
  readonly history: number;
  readonly speed: number;
  readonly port: number;
  /** Rules as they were written. */
  readonly misbehave: readonly unknown[];
  readonly json: boolean;
}

/** A command line that cannot be followed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @returns `'help'` where that was asked for. @throws UsageError */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const since = values.since ?? '2024-01-01';
  const sinceMs = DAY.test(since) ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(sinceMs)) throw new UsageError(`--since must be a day such as 2024-01-31, got ${since}`);
  return {
    markets: marketsOf(values.market ?? [], values.bars ?? []),
    seed: wholeNumber('--seed', values.seed ?? '1', 0xffff_ffff),
    count: wholeNumber('--count', values.count ?? '1000000', 10_000_000),
    sinceMs,
    history: wholeNumber('--history', values.history ?? '5000', 10_000_000),
    speed: numberOf('--speed', values.speed ?? '1'),
    port: wholeNumber('--port', values.port ?? '8010', 65_535),
    misbehave: (values.misbehave ?? []).map(parseRule),
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  const many = { type: 'string', multiple: true } as const;
  const one = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        market: many,
        bars: many,
        misbehave: many,
        seed: one,
        count: one,
        since: one,
        history: one,
        speed: one,
        port: one,
        json: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function marketsOf(markets: readonly string[], bars: readonly string[]): MarketOption[] {
  if (markets.length === 0 || markets.length > MARKETS_MAX)
    throw new UsageError(`give from 1 to ${MARKETS_MAX} --market`);
  if (bars.length > markets.length) throw new UsageError('there are more --bars than --market');
  return markets.map((text, index) => {
    const [venue, instrument, timeframe, ...rest] = text.split(':');
    const known = VENUES.find((name) => name === venue);
    if (!known || !instrument || !timeframe || !isTimeframe(timeframe) || rest.length > 0)
      throw new UsageError(`--market must be such as binance:BTC/USDT:1m, got ${text}`);
    const from = bars[index] ?? 'generated';
    return { venue: known, instrument, timeframe, file: from === 'generated' ? undefined : from };
  });
}

function parseRule(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--misbehave must be JSON, got ${text}`, { cause: error });
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const number = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= max)) throw new UsageError(`${name} must be a whole number up to ${max}, got ${text}`);
  return number;
}

function numberOf(name: string, text: string): number {
  const number = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new UsageError(`${name} must be a number of 0 or above, got ${text}`);
  return number;
}
