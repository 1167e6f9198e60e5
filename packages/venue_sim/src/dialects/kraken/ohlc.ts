import { TIMEFRAME_MS, type Bar } from '@aistock/market';
import { barCloseMs, type SimMarket } from '../../markets/sim-market.ts';
import type { VenueAnswer, VenueRequest, VenueView } from '../dialect.ts';
import { pairNames } from './asset-pairs.ts';
import { failed } from './envelope.ts';

const BARS_MAX = 720;
const MINUTE_MS = 60_000;
const MS = 1000;
const INTERVALS: ReadonlySet<number> = new Set([1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600]);

/**
 * The bars after `since`, of the newest 720 only: older ones cannot be had. The last row is the bar that still forms, and
 * is there whatever `since` says. `last` is what to ask from next: the last bar that has closed.
 */
export function ohlc({ query }: VenueRequest, view: VenueView): VenueAnswer {
  const pair = query.get('pair') ?? '';
  const ofPair = view.markets.filter((market) => namesOf(market).includes(pair.toUpperCase()));
  if (ofPair.length === 0) return failed('EQuery:Unknown asset pair');
  const minutes = Number(query.get('interval') ?? 1);
  if (!INTERVALS.has(minutes)) return failed('EGeneral:Invalid arguments');
  const sinceText = query.get('since') ?? '0';
  if (!/^-?\d{1,12}$/.test(sinceText)) return failed('EGeneral:Invalid arguments');
  const sinceMs = Number(sinceText) * MS;

  const { key } = pairNames(ofPair[0]!);
  const market = ofPair.find(({ bars }) => TIMEFRAME_MS[bars.timeframe] === minutes * MINUTE_MS);
  const page = market ? newest(market, sinceMs, view) : [];
  const rows = page.map(row).join(',');
  const last = market ? lastClosedMs(market, page, view.nowMs) : 0;
  return { status: 200, body: `{"error":[],"result":{"${key}":[${rows}],"last":${last / MS}}}` };
}

const namesOf = (market: SimMarket): string[] => {
  const { key, altname, wsname } = pairNames(market);
  return [key, altname, wsname, wsname.replace('XBT', 'BTC')];
};

/** The oldest bar that can be had at all bounds what is asked for; the running one comes even if nothing else does. */
function newest(market: SimMarket, sinceMs: number, view: VenueView): readonly Bar[] {
  const { bars } = market;
  const opened = bars.firstAt(view.nowMs + 1);
  if (opened === 0) return [];
  const oldestMs = bars.openAt(Math.max(0, opened - BARS_MAX));
  const runningMs = bars.openAt(opened - 1);
  const fromMs = Math.min(Math.max(sinceMs + 1, oldestMs), runningMs);
  return view.page(market, { fromMs, limit: BARS_MAX });
}

function lastClosedMs(market: SimMarket, page: readonly Bar[], nowMs: number): number {
  const closed = page.filter((bar) => barCloseMs(market, market.bars.firstAt(bar.openMs)) <= nowMs);
  return Math.max(0, ...closed.map((bar) => bar.openMs));
}

function row(bar: Bar): string {
  const { open, high, low, close, volume } = bar;
  const trades = volume === '0' ? 0 : 1;
  return `[${bar.openMs / MS},"${open}","${high}","${low}","${close}","${close}","${volume}",${trades}]`;
}
