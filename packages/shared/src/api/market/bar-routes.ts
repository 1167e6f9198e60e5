import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { Accountable, FlagText, intText, Ms, MsText, StreamId, StreamIdInPath } from '../../vocabulary.ts';
import { CuratedRepair, ServedBar } from './curated.ts';

const BARS_PER_PAGE_MAX = 10_000;
/** How long a call may wait for a bar, and how long the whole of it may take. */
const WAIT_MS_MAX = 25_000;
const TIMEOUT_MS = WAIT_MS_MAX + 10_000;

/** Bars, point in time. */
export const barRoutes = {
  bars: route({
    method: 'GET',
    path: '/bars',
    summary: 'Closed bars of a stream, point in time: nothing that closed after as_of_ms.',
    roles: READERS,
    query: z
      .strictObject({
        stream: StreamIdInPath,
        from_ms: MsText.optional(),
        /** Only bars that opened before this. */
        to_ms: MsText.optional(),
        /** Only bars that had closed by then; now unless told. */
        as_of_ms: MsText.optional(),
        /** Only what the store had learned by then: how it looked at that time. */
        known_ms: MsText.optional(),
        /** Prices as of as_of_ms in the shares of that day (split), besides as if dividends were reinvested (total). */
        adjust: z.enum(['raw', 'split', 'total']).optional(),
        /** Tell of each bar which source gave it, when it was learned and which revision it is. */
        detail: FlagText.optional(),
        /** The newest bars instead of the oldest; still in ascending order. */
        newest: FlagText.optional(),
        limit: intText(1, BARS_PER_PAGE_MAX).optional(),
        /** Where there is no bar yet: how long to wait for one, in ms. Goes with from_ms, and with no time in the past. */
        wait_ms: intText(0, WAIT_MS_MAX).optional(),
      })
      .refine(
        (query) =>
          query.wait_ms === undefined ||
          (query.from_ms !== undefined && query.as_of_ms === undefined && query.known_ms === undefined),
        { path: ['wait_ms'], message: 'goes with from_ms and without as_of_ms and known_ms' },
      )
      .refine(
        (query) => query.from_ms === undefined || query.to_ms === undefined || query.from_ms <= query.to_ms,
        {
          path: ['from_ms'],
          message: 'must not be after to_ms',
        },
      ),
    response: z.strictObject({
      stream: StreamId,
      bars: z.array(ServedBar),
      /** Where the next page starts; null on the last page. */
      next_from_ms: Ms.nullable(),
    }),
    timeoutMs: TIMEOUT_MS,
  }),
  repair: route({
    method: 'POST',
    path: '/streams/:id/repair',
    summary:
      'Verify the Parquet files of a stream and make what is missing or damaged anew from the raw files.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: Accountable,
    response: CuratedRepair,
    timeoutMs: 120_000,
  }),
} as const;
