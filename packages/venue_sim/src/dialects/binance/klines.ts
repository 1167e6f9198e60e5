import { isTimeframe, type Bar } from '@aistock/market';
import { barCloseMs, type SimMarket } from '../../markets/sim-market.ts';
import { json, type VenueAnswer, type VenueRequest, type VenueView } from '../dialect.ts';
import { binanceSymbol } from './exchange-info.ts';

const LIMIT_DEFAULT = 500;
const LIMIT_MAX = 1000;
const DECIMALS = 8;

const refused = (code: number, msg: string): VenueAnswer => json(400, { code, msg });

/**
 * From `startTime` on the oldest bars, without it the newest up to `endTime`; both are open times and inclusive. Rows have
 * prices as text, padded as Binance pads them.
 */
export function klines({ query }: VenueRequest, view: VenueView): VenueAnswer {
  const symbol = query.get('symbol');
  const interval = query.get('interval');
  if (!symbol)
    return refused(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  if (!interval || !isTimeframe(interval)) return refused(-1120, 'Invalid interval.');
  const ofSymbol = view.markets.filter((market) => binanceSymbol(market) === symbol);
  if (ofSymbol.length === 0) return refused(-1121, 'Invalid symbol.');
  const numbers = [query.get('startTime'), query.get('endTime'), query.get('limit')].map(wholeNumber);
  if (numbers.some(Number.isNaN)) return refused(-1100, 'Illegal characters found in a parameter.');
  const [fromMs, untilMs, limit = LIMIT_DEFAULT] = numbers;
  if (limit < 1) return refused(-1102, "Parameter 'limit' was empty/null, or malformed.");

  const market = ofSymbol.find(({ bars }) => bars.timeframe === interval);
  if (!market) return json(200, []);
  const page = view.page(market, { fromMs, untilMs, limit: Math.min(limit, LIMIT_MAX) });
  return { status: 200, body: `[${page.map((bar) => row(market, bar)).join(',')}]` };
}

/** NaN where it is not one. */
function wholeNumber(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
}

function row(market: SimMarket, bar: Bar): string {
  const closeMs = barCloseMs(market, market.bars.firstAt(bar.openMs)) - 1;
  const [open, high, low, close, volume] = [bar.open, bar.high, bar.low, bar.close, bar.volume].map(padded);
  const trades = bar.volume === '0' ? 0 : 1;
  return `[${bar.openMs},"${open}","${high}","${low}","${close}","${volume}",${closeMs},"0.00000000",${trades},"0.00000000","0.00000000","0"]`;
}

function padded(text: string): string {
  const [whole, fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(DECIMALS, '0')}`;
}
