// The auditor is killed with SIGKILL again and again while services emit; nothing is lost, doubled or out of order.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AuditorFixture, emit } from './auditor.fixture.ts';

const KILLS = 5;
const RUN_MS_MAX = 600;
const EVENTS_PER_EMITTER_MAX = 5_000;

let fixture: AuditorFixture;
before(async () => {
  fixture = await AuditorFixture.create();
});
after(() => fixture.remove());

async function startProcess(): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const env = { ...process.env, ...fixture.env, DRAIN_INTERVAL_MS: '10', LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.includes('listening')) resolve();
  });
  await listening;
  return child;
}

test('an auditor that is killed at any moment loses no event and doubles none', async () => {
  const stopping = new AbortController();
  const emitters = Array.from({ length: 3 }, async (_, emitter) => {
    const ids: string[] = [];
    while (!stopping.signal.aborted && ids.length < EVENTS_PER_EMITTER_MAX)
      ids.push(await emit(fixture.emitter, `${emitter} ${ids.length}`));
    return ids;
  });
  for (let kill = 0; kill < KILLS; kill++) {
    const child = await startProcess();
    await delay((RUN_MS_MAX * (kill + 1)) / KILLS);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  stopping.abort();
  const ids = (await Promise.all(emitters)).flat();
  const auditor = await fixture.start();
  const result = await auditor.verify();
  assert.deepEqual([result.verified, result.events, result.waiting], [true, ids.length, 0]);
  const recorded: string[] = [];
  for (let from: number | null = 0; from !== null;) {
    const page = await auditor.events({ query: { from: String(from), limit: '1000' } });
    recorded.push(...page.entries.map((entry) => entry.event_id));
    from = page.next_from;
  }
  assert.deepEqual(recorded.toSorted(), ids.toSorted());
});
