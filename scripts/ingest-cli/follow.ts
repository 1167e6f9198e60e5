import { setTimeout as delay } from 'node:timers/promises';
import type { Backfill, Client, dataIngesterApi } from '@aistock/shared';
import type { Terminal } from '../stack/progress.ts';
import { progressLine } from './progress-line.ts';

const LOOK_EVERY_MS = 500;
/** Where nobody watches a line that changes, one is written so often. */
const TELL_EVERY_MS = 10_000;

/** Shows how far a backfill is until it is over or the signal ends it; the last that was known of it. */
export async function follow(
  ingester: Client<typeof dataIngesterApi>,
  id: string,
  out: Terminal,
  signal: AbortSignal,
): Promise<Backfill> {
  let toldMs = -Infinity;
  for (;;) {
    const backfill = await ingester.backfill({ params: { backfill_id: id } });
    const over = backfill.status !== 'running';
    if (out.isTTY) out.write(`\r\u001B[K${progressLine(backfill)}${over ? '\n' : ''}`);
    else if (over || performance.now() - toldMs >= TELL_EVERY_MS) {
      toldMs = performance.now();
      out.write(`${progressLine(backfill)}\n`);
    }
    if (over || signal.aborted) return backfill;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
