import type { SimMarket } from '../../markets/sim-market.ts';
import type { VenueAnswer, VenueRequest, VenueView } from '../dialect.ts';
import { result } from './envelope.ts';

/** Kraken's oldest assets have a name of four letters; the others are called as everywhere, but for Bitcoin. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  BTC: 'XXBT',
  ETH: 'XETH',
  LTC: 'XLTC',
  XRP: 'XXRP',
  USD: 'ZUSD',
  EUR: 'ZEUR',
  GBP: 'ZGBP',
  JPY: 'ZJPY',
};

interface PairNames {
  /** What the pair is called in answers. */
  readonly key: string;
  readonly altname: string;
  readonly wsname: string;
  readonly base: string;
  readonly quote: string;
}

export function pairNames({ instrument }: Pick<SimMarket, 'instrument'>): PairNames {
  const [left = '', right = ''] = instrument.replace(/:.*/, '').split('/');
  const base = OLD_NAMES[left] ?? left;
  const quote = OLD_NAMES[right] ?? right;
  const altname = altOf(base) + altOf(quote);
  const bothOld = left in OLD_NAMES && right in OLD_NAMES;
  const wsname = `${altOf(base)}/${altOf(quote)}`;
  return { key: bothOld ? base + quote : altname, altname, wsname, base, quote };
}

const altOf = (asset: string): string => (/^[XZ][A-Z]{3}$/.test(asset) ? asset.slice(1) : asset);

export function assets(_request: VenueRequest, { markets }: VenueView): VenueAnswer {
  const names = new Set(markets.map(pairNames).flatMap(({ base, quote }) => [base, quote]));
  const rows = [...names].map((name) => [
    name,
    { aclass: 'currency', altname: altOf(name), decimals: 10, display_decimals: 5, status: 'enabled' },
  ]);
  return result(Object.fromEntries(rows));
}

export function assetPairs(_request: VenueRequest, { markets }: VenueView): VenueAnswer {
  return result(Object.fromEntries(markets.map((market) => [pairNames(market).key, pairOf(market)])));
}

function pairOf(market: SimMarket): unknown {
  const { altname, wsname, base, quote } = pairNames(market);
  return {
    altname,
    wsname,
    aclass_base: 'currency',
    base,
    aclass_quote: 'currency',
    quote,
    pair_decimals: market.tickSize.split('.')[1]?.length ?? 0,
    lot_decimals: 8,
    cost_decimals: 5,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, 0.4]],
    fees_maker: [[0, 0.25]],
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: '0.00005',
    costmin: '0.5',
    tick_size: market.tickSize,
    status: 'online',
  };
}
