import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import { ServiceError, type Clock, type Handlers } from '@aistock/service-kit';
import { SHADOW_WAIT_MS, type engineApi } from '@aistock/shared';
import { findSession } from '../session/session-store.ts';
import { dayRange, lastDayEnd } from './shadow-days.ts';
import {
  askForDay,
  dayToWire,
  findDay,
  listDays,
  summaryToWire,
  type StoredDay,
} from './store/shadow-store.ts';

const LOOK_EVERY_MS = 100;

interface Context {
  readonly db: Db;
  readonly clock: Clock;
  /** Something was asked for. */
  readonly wake: () => void;
}

export function shadowHandlers({
  db,
  clock,
  wake,
}: Context): Pick<Handlers<typeof engineApi>, 'shadow' | 'shadows' | 'shadowById'> {
  return {
    shadow: async ({ body: { session_id: sessionId, day } }, { signal }) => {
      await findSession(db, sessionId);
      if (dayRange(day).toMs > lastDayEnd(clock.nowMs()))
        throw new ServiceError('day_not_over', 409, `${day} is not over for five minutes yet, by UTC`, {
          fields: [{ field: 'body.day', message: 'must be a day that is over' }],
        });
      const shadowId = await askForDay(db, sessionId, day);
      wake();
      return dayToWire(await waitFor(db, shadowId, signal));
    },
    shadows: async ({ query }) => ({ days: (await listDays(db, query)).map(summaryToWire) }),
    shadowById: async ({ params }) => dayToWire(await findDay(db, params.shadow_id)),
  };
}

/** The day once it is over or is to be tried again, or as far as it is when the time is up. */
async function waitFor(db: Db, shadowId: string, signal: AbortSignal): Promise<StoredDay> {
  const enoughMs = performance.now() + SHADOW_WAIT_MS;
  for (;;) {
    const row = await findDay(db, shadowId);
    if (row.finished_at !== null || row.problem_code !== null || performance.now() >= enoughMs) return row;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
