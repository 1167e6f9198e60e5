import type { MarketTerms } from '../markets/sim-market.ts';
import type { VenueSim } from '../start-venue-sim.ts';
import { binanceSymbol } from '../dialects/binance/exchange-info.ts';
import { pairNames } from '../dialects/kraken/asset-pairs.ts';

/** A command that shows the market's bars as its venue gives them. */
function curlLine(url: string, { venue, instrument, bars: { timeframe } }: MarketTerms): string {
  if (venue === 'binance')
    return `curl '${url}/api/v3/klines?symbol=${binanceSymbol({ instrument })}&interval=${timeframe}&limit=3'`;
  if (venue === 'kraken')
    return `curl '${url}/0/public/OHLC?pair=${pairNames({ instrument }).altname}&interval=${minutesOf(timeframe)}'`;
  const path = instrument.includes('/') ? '/v1beta3/crypto/us/bars' : '/v2/stocks/bars';
  const query = `symbols=${encodeURIComponent(instrument)}&timeframe=${alpacaTimeframe(timeframe)}&limit=3`;
  return `curl -H 'APCA-API-KEY-ID: any' -H 'APCA-API-SECRET-KEY: any' '${url}${path}?${query}'`;
}

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };
const UNITS: Readonly<Record<string, string>> = { m: 'Min', h: 'Hour', d: 'Day' };

const minutesOf = (timeframe: string): number =>
  Number.parseInt(timeframe, 10) * MINUTES[timeframe.slice(-1)]!;
const alpacaTimeframe = (timeframe: string): string =>
  `${Number.parseInt(timeframe, 10)}${UNITS[timeframe.slice(-1)]}`;

/** What a person sees when it has started. */
export function describe({ url, control }: VenueSim, markets: readonly MarketTerms[]): string {
  const { nowMs, rate, markets: states } = control.status();
  const lines = states.map(
    ({ name, bars, opened }) => `  ${name.padEnd(28)} ${opened} of ${bars} bars have opened`,
  );
  return [
    `${url}  the venue's clock stands at ${new Date(nowMs).toISOString()} and runs ${rate} times as fast as ours`,
    ...lines,
    ...markets.map((market) => `  ${curlLine(url, market)}`),
    `  curl ${url}/_sim/status`,
    `  curl -X POST -H 'content-type: application/json' -d '{"kind":"rate_limit","count":1}' ${url}/_sim/misbehave`,
  ].join('\n');
}
