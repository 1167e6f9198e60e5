// A real process of the engine, killed with SIGKILL while a call of its is under way: nothing twice, nothing lost.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CallError, createClient, engineApi, type ReplayTally } from '@aistock/shared';
import { dayMs } from './fake-series.ts';
import { startFakeStack, type FakeStack } from './fake-stack.ts';
import { BARS, PARAMS, replay, storyOf } from './replay-rig.ts';

const MAIN = join(dirname(import.meta.filename), '../src/main.ts');
const UNTIL_MS = dayMs(100);
/** Within that it listens, and gets a session whose holder was killed. */
const WITHIN_MS = 60_000;
const LOOK_MS = 100;
const LEASE_S = '2';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A process of the engine beside the one of the stack. */
async function startProcess(stack: FakeStack) {
  const port = await freePort();
  const env = { ...process.env, ...stack.env, PORT: String(port), SESSION_LEASE_S: LEASE_S };
  const child = spawn(process.execPath, [MAIN], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const endMs = performance.now() + WITHIN_MS;
  while (!(await fetch(`${url}/ping`).catch(() => undefined))?.ok) {
    assert.ok(performance.now() < endMs && child.exitCode === null, 'the process listens');
    await pause(LOOK_MS);
  }
  return { child, engine: createClient(engineApi, { baseUrl: url }) };
}

/** What a replay comes to once the lease of the one that was killed is over. */
async function replayAfterLease(stack: FakeStack): Promise<ReplayTally> {
  const endMs = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      return await replay(stack.engine, { to_ms: UNTIL_MS });
    } catch (error) {
      const isHeld = error instanceof CallError && error.problem?.code === 'session_running';
      if (!isHeld || performance.now() > endMs) throw error;
      await pause(LOOK_MS);
    }
  }
}

/** Kills the process in the nth call of a kind, and lets the call come to nothing, or lets only its answer be lost. */
function killIn(stack: FakeStack, child: ChildProcess, [call, when, nth]: (typeof KILLS)[number]): void {
  let calls = 0;
  stack.executor.fault = (calling, moment) => {
    if (calling !== call || moment !== when || ++calls !== nth) return;
    child.kill('SIGKILL');
    throw new Error('the caller is dead');
  };
}

const KILLS = [
  ['submit', 'before', 1], // written down, not sent
  ['submit', 'after', 1], // sent, its answer lost
  ['advance', 'after', 3], // the venue's time has passed
  ['cancel', 'before', 1], // the exit is written down, nothing of it done
  ['cancel', 'after', 1], // taken back, the exit not sent
  ['submit', 'before', 2],
] as const;

test('killed in any call, it goes on where it stood: the same orders, the same log', async () => {
  await using whole = await startFakeStack(BARS, PARAMS);
  const { decision_log_sha256: sha256 } = await replay(whole.engine, { to_ms: UNTIL_MS });
  assert.ok(whole.executor.calls.cancel > 0);
  for (const kill of KILLS) {
    await using stack = await startFakeStack(BARS, PARAMS);
    const { child, engine } = await startProcess(stack);
    const gone = once(child, 'exit');
    killIn(stack, child, kill);
    await assert.rejects(replay(engine, { to_ms: UNTIL_MS }), CallError, kill.join(' '));
    assert.equal((await gone)[1], 'SIGKILL');
    const done = await replayAfterLease(stack);
    assert.deepEqual(storyOf(stack), storyOf(whole), kill.join(' '));
    assert.equal(done.decision_log_sha256, sha256, kill.join(' '));
    assert.equal(stack.controller.rewards.size, whole.controller.rewards.size);
  }
});
