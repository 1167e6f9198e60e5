import type { Dialect, Refusal, VenueAnswer, VenueRequest, VenueView } from '../dialect.ts';
import { assetPairs, assets } from './asset-pairs.ts';
import { failed, result } from './envelope.ts';
import { ohlc } from './ohlc.ts';

const PREFIX = '/0/';
const MS = 1000;

const ROUTES: Readonly<Record<string, (request: VenueRequest, view: VenueView) => VenueAnswer>> = {
  '/0/public/Time': (_request, { toldMs }) =>
    result({ unixtime: Math.floor(toldMs / MS), rfc1123: new Date(toldMs).toUTCString() }),
  '/0/public/Assets': assets,
  '/0/public/AssetPairs': assetPairs,
  '/0/public/OHLC': ohlc,
};

/** Market data of Kraken's spot REST API. */
export const kraken: Dialect = {
  venue: 'kraken',
  owns: (path) => path.startsWith(PREFIX),
  weight: () => 1,
  answer: (request, view) => ROUTES[request.path]?.(request, view) ?? failed('EGeneral:Unknown method'),
  refuse: refusal,
  usageHeaders: () => ({}),
};

function refusal(told: Refusal): VenueAnswer {
  if (told.reason === 'rate_limit') return failed('EAPI:Rate limit exceeded', 429);
  if (told.reason === 'ban') return failed('EGeneral:Temporary lockout', 418);
  return failed('EService:Unavailable', told.status);
}
