import { setTimeout as delay } from 'node:timers/promises';
import type { Backfill, Client, dataIngesterApi } from '@aistock/shared';
import type { Terminal } from '../stack/progress.ts';
import { progressLine } from './progress-line.ts';

const LOOK_EVERY_MS = 500;
/** Where nobody watches a line that changes, one is written so often. */
const TELL_EVERY_MS = 10_000;

export type BackfillClient = Pick<Client<typeof dataIngesterApi>, 'backfill' | 'backfills' | 'startBackfill'>;

export interface Watching {
  readonly out: Terminal;
  readonly signal: AbortSignal;
}

/** Whether a backfill still works on one of these streams. Another of its streams may wait for a source that is gone. */
export function isOpen({ streams }: Backfill, wanted: ReadonlySet<string>): boolean {
  return streams.some(
    ({ stream, status }) => wanted.has(stream) && (status === 'waiting' || status === 'running'),
  );
}

/** Shows how far a backfill is until its part of these streams is over or the signal ends it; what was known last. */
export async function follow(
  client: BackfillClient,
  id: string,
  wanted: ReadonlySet<string>,
  { out, signal }: Watching,
): Promise<Backfill> {
  let toldMs = -Infinity;
  for (;;) {
    const backfill = await client.backfill({ params: { backfill_id: id } });
    const over = !isOpen(backfill, wanted);
    if (out.isTTY) out.write(`\r\u001B[K${progressLine(backfill)}${over ? '\n' : ''}`);
    else if (over || performance.now() - toldMs >= TELL_EVERY_MS) {
      toldMs = performance.now();
      out.write(`${progressLine(backfill)}\n`);
    }
    if (over || signal.aborted) return backfill;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
