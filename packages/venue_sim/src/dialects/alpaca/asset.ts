import { json, type VenueAnswer, type VenueRequest, type VenueView } from '../dialect.ts';

export const ASSETS = '/v2/assets/';

/** `/v2/assets/{symbol}`: an asset is what there is a market of. */
export function asset({ path }: VenueRequest, { markets }: VenueView): VenueAnswer {
  const symbol = decodeURIComponent(path.slice(ASSETS.length));
  if (!markets.some(({ instrument }) => instrument === symbol))
    return json(404, { code: 40410000, message: `asset not found for ${symbol}` });
  return json(200, { symbol, class: symbol.includes('/') ? 'crypto' : 'us_equity', status: 'active' });
}
