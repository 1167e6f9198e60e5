import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { post, startSample } from '../test/sample-service.ts';

const MAIN = join(import.meta.dirname, '../test/sample-main.ts');
const valid = { DATABASE_URL: 'postgres://x@127.0.0.1:1/x', PORT: '0', LOG_LEVEL: 'info' };

function start(t: TestContext, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'close') as Promise<[code: number | null, signal: string | null]>;
  return { child, exit, stderr: text(child.stderr) };
}

/** Reads the log of a process line by line. */
function logOf(child: ReturnType<typeof start>['child']) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (message: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const { value, done } = (await lines.next()) as IteratorResult<string>;
      if (done) throw new Error(`the process ended before it logged "${message}"`);
      const line = JSON.parse(value) as Record<string, unknown>;
      if (line['message'] === message) return line;
    }
  };
}

test('a wrong environment is told on stderr, one problem a line, and the process exits 78', async (t) => {
  const { exit, stderr, child } = start(t, {
    DATABASE_URL: 'mysql://x',
    PORT: '99999',
    AUTH_MODE: 'none',
    AUTH_TOKEN_VIEWER: 'canary',
  });
  const stdout = text(child.stdout);
  assert.deepEqual(await exit, [78, null]);
  const lines = (await stderr).trimEnd().split('\n');
  assert.deepEqual(lines.map((line) => line.split(':', 1).join()).toSorted(), [
    'AUTH_MODE',
    'AUTH_TOKEN_VIEWER',
    'DATABASE_URL',
    'PORT',
  ]);
  assert.ok(!lines.join().includes('canary'));
  assert.equal(await stdout, '');
});

test('a port that is taken is one line on stderr and exit 1', async (t) => {
  await using other = await startSample();
  const { exit, stderr } = start(t, { ...valid, PORT: new URL(other.url).port });
  assert.deepEqual(await exit, [1, null]);
  assert.match(await stderr, /^cannot listen on 127\.0\.0\.1:\d+: another process has this port.*\n$/);
});

test('SIGTERM during an open request: the request is answered, then the process exits 0', async (t) => {
  const { child, exit } = start(t, valid);
  const logged = logOf(child);
  const { url } = await logged('listening');
  const open = fetch(`${String(url)}/things`, post({ name: 'a' }));
  await logged('waiting');
  child.kill('SIGTERM');
  const response = await open;
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('connection'), 'close');
  assert.deepEqual(await exit, [0, null]);
});

test('SIGINT stops it as well', async (t) => {
  const { child, exit } = start(t, valid);
  await logOf(child)('listening');
  child.kill('SIGINT');
  assert.deepEqual(await exit, [0, null]);
});

test('an error that nobody catches is logged, and the process exits 1', async (t) => {
  const { child, exit } = start(t, valid);
  const logged = logOf(child);
  const { url } = await logged('listening');
  const open = fetch(`${String(url)}/things`, post({ name: 'crash' }));
  const line = await logged('crashed');
  assert.match(JSON.stringify(line['error']), /nobody catches this/);
  await assert.rejects(open);
  assert.deepEqual(await exit, [1, null]);
});
