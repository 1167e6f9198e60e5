import type { Exchange } from 'ccxt';

/** One exchange of ccxt as it is, only with its hosts replaced by an origin. Numbers stay text. */
export async function ccxtExchange(name: 'binance' | 'kraken', origin: string): Promise<Exchange> {
  const file = new URL(`./src/${name}.js`, import.meta.resolve('ccxt'));
  const loaded: { default: new (config: Readonly<Record<string, unknown>>) => Exchange } = await import(
    file.href
  );
  const exchange = new loaded.default({
    enableRateLimit: false,
    timeout: 2_000,
    number: String,
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchCurrencies: false },
  });
  Object.assign(exchange.urls, { api: onOrigin(exchange.urls['api'], origin) });
  return exchange;
}

function onOrigin(urls: unknown, origin: string): unknown {
  if (typeof urls === 'string') return urls.replace(/^[a-z]+:\/\/[^/]*/, origin);
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [name, onOrigin(value, origin)]));
}
