import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { freePort } from '@aistock/testkit';
import type { IngesterClient, Rig } from './rig.ts';

const HAPPENS_WITHIN_MS = 120_000;

/** A service as a process of its own, once it answers; whoever starts it ends it. */
export async function spawnService(
  rig: Rig,
  more: Record<string, string> = {},
): Promise<{ child: ChildProcess; client: IngesterClient }> {
  const port = String(await freePort());
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: { PATH: process.env['PATH'], ...rig.env({ ...more, PORT: port }) },
    stdio: 'inherit',
  });
  const client = createClient(dataIngesterApi, { baseUrl: `http://127.0.0.1:${port}` });
  await until(() =>
    client.streams().then(
      () => true,
      () => false,
    ),
  );
  return { child, client };
}

/** Asks until it holds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + HAPPENS_WITHIN_MS;
  while (!(await holds())) {
    assert.ok(performance.now() < deadlineMs, 'did not happen in time');
    await delay(100);
  }
}
