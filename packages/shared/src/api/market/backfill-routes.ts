import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { intText } from '../../vocabulary.ts';
import { Backfill, BackfillRequest, BackfillStarted } from './backfill.ts';

/** History that is fetched in the background. */
export const backfillRoutes = {
  startBackfill: route({
    method: 'POST',
    path: '/backfill',
    summary: 'Fetch the bars of streams between two times, in the background; or tell what that would take.',
    roles: OPERATORS,
    body: BackfillRequest,
    response: BackfillStarted,
  }),
  backfills: route({
    method: 'GET',
    path: '/backfills',
    summary: 'The newest backfills, newest first.',
    roles: READERS,
    query: z.strictObject({ limit: intText(1, 100).optional() }),
    response: z.strictObject({ backfills: z.array(Backfill) }),
  }),
  backfill: route({
    method: 'GET',
    path: '/backfills/:backfill_id',
    summary: 'How far a backfill is.',
    roles: READERS,
    params: z.strictObject({ backfill_id: z.uuid() }),
    response: Backfill,
  }),
  cancelBackfill: route({
    method: 'DELETE',
    path: '/backfills/:backfill_id',
    summary: 'Stop a backfill; the bars that it has fetched stay.',
    roles: OPERATORS,
    params: z.strictObject({ backfill_id: z.uuid() }),
    response: Backfill,
  }),
} as const;
