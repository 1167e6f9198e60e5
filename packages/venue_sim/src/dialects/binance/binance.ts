import type { Dialect, Refusal, VenueAnswer, VenueRequest, VenueView } from '../dialect.ts';
import { json } from '../dialect.ts';
import { exchangeInfo } from './exchange-info.ts';
import { klines } from './klines.ts';

const PREFIX = '/api/v3/';

/** Weights of the documentation: binance-spot-api-docs, rest-api.md. */
const ROUTES: Readonly<
  Record<
    string,
    { readonly weight: number; readonly answer: (request: VenueRequest, view: VenueView) => VenueAnswer }
  >
> = {
  '/api/v3/ping': { weight: 1, answer: () => json(200, {}) },
  '/api/v3/time': { weight: 1, answer: (_request, { toldMs }) => json(200, { serverTime: toldMs }) },
  '/api/v3/exchangeInfo': { weight: 20, answer: exchangeInfo },
  '/api/v3/klines': { weight: 2, answer: klines },
};

/** Market data of Binance's spot REST API. */
export const binance: Dialect = {
  venue: 'binance',
  owns: (path) => path.startsWith(PREFIX),
  weight: (path) => ROUTES[path]?.weight ?? 1,
  answer: (request, view) => ROUTES[request.path]?.answer(request, view) ?? NOT_FOUND,
  refuse: refusalOf,
  usageHeaders: ({ used }) => ({ 'x-mbx-used-weight': String(used), 'x-mbx-used-weight-1m': String(used) }),
};

/** Binance sends its web server's page here, not JSON. */
const NOT_FOUND: VenueAnswer = { status: 404, body: '<html><body>404 Not Found</body></html>' };

function refusalOf(refusal: Refusal, nowMs: number): VenueAnswer {
  if (refusal.reason === 'server_error')
    return refused(
      refusal.status,
      -1001,
      'Internal error; unable to process your request. Please try again.',
    );
  if (refusal.reason === 'rate_limit')
    return refused(429, -1003, 'Too much request weight used; current limit is 6000 per 1 MINUTE.');
  const untilMs = nowMs + refusal.retryAfterS * 1000;
  return refused(418, -1003, `Way too much request weight used; IP banned until ${untilMs}.`);
}

const refused = (status: number, code: number, msg: string): VenueAnswer => json(status, { code, msg });
