import { z } from 'zod';
import { READERS, route } from '../../route.ts';
import { intText } from '../../vocabulary.ts';
import { Day, ShadowDay, ShadowSummary } from './shadow-day.ts';

const DAYS_PER_PAGE_MAX = 500;
/** How long a call waits for the day to be compared; it goes on when the time is over. */
export const SHADOW_WAIT_MS = 60_000;
const ANSWER_MARGIN_MS = 10_000;

export const shadowRoutes = {
  shadow: route({
    method: 'POST',
    path: '/shadow',
    summary: 'Run a day of a session again as a backtest and judge the difference; each day once.',
    // It may set a strategy to reduce-only: who may not kill may not ask for it.
    roles: ['operator', 'trader', 'service'],
    body: z.strictObject({ session_id: z.uuid(), day: Day }),
    response: ShadowDay,
    timeoutMs: SHADOW_WAIT_MS + ANSWER_MARGIN_MS,
  }),
  shadows: route({
    method: 'GET',
    path: '/shadow',
    summary: 'The days that were, or are to be, run again, newest first.',
    roles: READERS,
    query: z.strictObject({
      session_id: z.uuid().optional(),
      verdict: z.enum(['same', 'alert', 'reduce']).optional(),
      limit: intText(1, DAYS_PER_PAGE_MAX).optional(),
    }),
    response: z.strictObject({ days: z.array(ShadowSummary) }),
  }),
  shadowById: route({
    method: 'GET',
    path: '/shadow/:shadow_id',
    summary: 'What a day came to, the parts of its difference, and the first decisions that differ.',
    roles: READERS,
    params: z.strictObject({ shadow_id: z.uuid() }),
    response: ShadowDay,
  }),
} as const;
