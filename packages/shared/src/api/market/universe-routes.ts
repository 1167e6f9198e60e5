import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { MsText, Name } from '../../vocabulary.ts';
import { RefreshUniverse, UniverseMembers, UniverseState, UniverseWithInputs } from './universe.ts';

/** Which instruments belong together, and when they did. */
export const universeRoutes = {
  universes: route({
    method: 'GET',
    path: '/universes',
    summary: 'Every universe that is configured or known from before.',
    roles: READERS,
    response: z.strictObject({ universes: z.array(UniverseState) }),
  }),
  universe: route({
    method: 'GET',
    path: '/universes/:name',
    summary: 'The members of a universe as of a time, and what they were chosen by.',
    roles: READERS,
    params: z.strictObject({ name: Name }),
    query: z.strictObject({
      /** The newest refresh as of this time or before; now unless told. */
      as_of_ms: MsText.optional(),
      /** Only refreshes that had been made by then. */
      known_ms: MsText.optional(),
    }),
    response: UniverseWithInputs,
  }),
  refreshUniverse: route({
    method: 'POST',
    path: '/universes/:name/refresh',
    summary: 'Choose the members of a universe anew, or as of an earlier time.',
    roles: OPERATORS,
    params: z.strictObject({ name: Name }),
    body: RefreshUniverse,
    response: UniverseMembers,
    timeoutMs: 120_000,
  }),
} as const;
