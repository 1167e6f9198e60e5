import { closeMs, type Calendar } from '@aistock/market';
import { Instrument } from '@aistock/shared';
import type { BarSeries } from '../series/bar-series.ts';

export const VENUES = ['binance', 'kraken', 'alpaca'] as const;
/** A venue whose dialect is spoken. */
export type Venue = (typeof VENUES)[number];

const MARKETS_MAX = 200;

/** A market as it is asked for. Its timeframe is that of its bars. */
export interface MarketTerms {
  readonly venue: Venue;
  /** Such as `BTC/USDT` or `AAPL`. */
  readonly instrument: string;
  readonly bars: BarSeries;
  /** When bars close; `always` unless told. */
  readonly calendar?: Calendar;
  /** What the venue says that prices are multiples of; 0.01 unless told. */
  readonly tickSize?: string;
  /** Alpaca only: given to requests with this feed (`iex`, `sip`); to all of them unless told. */
  readonly feed?: string;
  /** Alpaca only: given to requests with this adjustment (`raw`, `split`, ...); to all of them unless told. */
  readonly adjustment?: string;
}

export interface SimMarket extends Required<Omit<MarketTerms, 'feed' | 'adjustment'>> {
  /** `binance:BTC/USDT:1m`, with feed and adjustment behind it where it has them. */
  readonly name: string;
  readonly feed: string | undefined;
  readonly adjustment: string | undefined;
}

/** @throws RangeError where there are none or too many, two of one name, or an instrument that cannot be. */
export function simMarkets(terms: readonly MarketTerms[]): SimMarket[] {
  if (terms.length === 0 || terms.length > MARKETS_MAX)
    throw new RangeError(`there must be from 1 to ${MARKETS_MAX} markets`);
  const markets = terms.map(simMarket);
  const twice = markets.find(({ name }, index) => markets.findIndex((each) => each.name === name) < index);
  if (twice) throw new RangeError(`the market ${twice.name} is there twice`);
  return markets;
}

function simMarket(terms: MarketTerms): SimMarket {
  const { venue, instrument, bars, feed, adjustment, calendar = 'always', tickSize = '0.01' } = terms;
  if (!Instrument.safeParse(instrument).success || (venue !== 'alpaca' && !instrument.includes('/')))
    throw new RangeError(`${venue} cannot have an instrument named ${instrument}`);
  const name = [venue, instrument, bars.timeframe, feed, adjustment].filter((part) => part !== undefined);
  return { name: name.join(':'), venue, instrument, bars, calendar, tickSize, feed, adjustment };
}

/** When a bar of the market is complete, Unix ms UTC. */
export function barCloseMs({ bars, calendar }: SimMarket, index: number): number {
  return closeMs(bars.openAt(index), bars.timeframe, calendar);
}

/** How many bars have opened by this time; the last of them may be forming. */
export function openedBars({ bars }: SimMarket, nowMs: number): number {
  return bars.firstAt(nowMs + 1);
}
