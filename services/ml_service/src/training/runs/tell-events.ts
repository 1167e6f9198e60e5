import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import { eventText, ServiceError, type RequestContext } from '@aistock/service-kit';
import { EVENT_STREAM_MS } from '@aistock/shared';
import { findRun, listEvents } from './run-store.ts';
import { eventToWire } from './run-to-wire.ts';

const LOOK_EVERY_MS = 250;
/** A connection on which nothing happens is closed by what stands between; a comment is something. */
const STILL_HERE_EVERY_MS = 15_000;
const EVENTS_AT_A_TIME = 100;

type Listener = Pick<RequestContext, 'signal' | 'gone' | 'lastEventId' | 'write'>;

/**
 * Tells every step of a run after the last one that the caller has, until the run is over, the caller leaves or the time
 * of one stream is up. The steps are on the record, so it does not matter which replica is asked.
 * @throws ServiceError `run_unknown` or `last_event_id_invalid`, before anything is told.
 */
export async function tellEvents(db: Db, runId: string, listener: Listener): Promise<void> {
  let after = lastSeen(listener.lastEventId);
  await findRun(db, runId);
  const signal = AbortSignal.any([listener.signal, listener.gone]);
  const endMs = performance.now() + EVENT_STREAM_MS;
  let toldMs = performance.now();
  for (;;) {
    // Read before its events: what comes after the end of a run is nothing.
    const over = (await findRun(db, runId)).finished_at !== null;
    const events = await listEvents(db, runId, { after, limit: EVENTS_AT_A_TIME });
    for (const row of events) {
      await listener.write(eventText({ id: String(row.event_id), type: 'progress', data: eventToWire(row) }));
      after = row.event_id;
    }
    if (events.length === EVENTS_AT_A_TIME) continue;
    const nowMs = performance.now();
    if (over || nowMs >= endMs || signal.aborted) return;
    if (events.length > 0) toldMs = nowMs;
    else if (nowMs - toldMs >= STILL_HERE_EVERY_MS) {
      await listener.write(': still here\n\n');
      toldMs = nowMs;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

function lastSeen(lastEventId: string | undefined): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new ServiceError(
    'last_event_id_invalid',
    400,
    'Last-Event-ID must be the id of an event of this run',
  );
}
