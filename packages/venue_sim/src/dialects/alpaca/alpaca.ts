import type { Dialect, Refusal, VenueAnswer, VenueRequest, VenueView } from '../dialect.ts';
import { asset, ASSETS } from './asset.ts';
import { cryptoBars, stockBars } from './bars.ts';
import { calendar, legacyCalendar } from './calendar.ts';
import { clocks, legacyClock } from './clock.ts';
import { problem } from './problem.ts';

const PREFIXES = ['/v1beta3/', '/v2/', '/v3/'] as const;

type Answer = (request: VenueRequest, view: VenueView) => VenueAnswer;

/** Crypto bars are the one thing that Alpaca gives to anybody. */
const OPEN: Readonly<Record<string, Answer>> = { '/v1beta3/crypto/us/bars': cryptoBars };
const KEYED: Readonly<Record<string, Answer>> = {
  '/v2/stocks/bars': stockBars,
  '/v2/clock': legacyClock,
  '/v2/calendar': legacyCalendar,
  '/v3/clock': clocks,
  '/v3/calendar/NYSE': calendar,
  '/v3/calendar/NASDAQ': calendar,
};

/** Market data, clock and calendar of Alpaca's REST API. */
export const alpaca: Dialect = {
  venue: 'alpaca',
  owns: (path) => PREFIXES.some((prefix) => path.startsWith(prefix)),
  weight: () => 1,
  answer: (request, view) => {
    const open = OPEN[request.path];
    if (open) return open(request, view);
    if (!request.header('apca-api-key-id') || !request.header('apca-api-secret-key'))
      return problem(401, 'unauthorized.');
    if (request.path.startsWith(ASSETS)) return asset(request, view);
    return KEYED[request.path]?.(request, view) ?? problem(404, 'endpoint not found.');
  },
  refuse: refusal,
  usageHeaders: ({ used, limit, resetS }, nowMs) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used)),
    'x-ratelimit-reset': String(Math.ceil(nowMs / 1000) + resetS),
  }),
};

function refusal(told: Refusal): VenueAnswer {
  if (told.reason === 'rate_limit') return problem(429, 'too many requests.');
  if (told.reason === 'ban') return problem(418, 'banned.');
  return problem(told.status, 'internal server error occurred');
}
