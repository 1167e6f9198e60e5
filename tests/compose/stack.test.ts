import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(dirname(import.meta.filename), '../..');
const BOTH = ['-f', 'docker-compose.yml', '-f', 'compose.autotrain.yml'];
const PROJECT = 'aistock-test';
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const BUILD_TIMEOUT_MS = 30 * 60_000;
const UP_TIMEOUT_MS = 3 * 60_000;
const POLL_MS = 500;
const DOWN_ATTEMPTS_MAX = 10;

/** Compose v2 where it is there, else docker-compose. */
async function composeCommand(): Promise<readonly string[]> {
  try {
    await run('docker', ['compose', 'version']);
    return ['docker', 'compose'];
  } catch {
    return ['docker-compose'];
  }
}

let command: readonly string[] = [];
async function compose(args: readonly string[], timeout = UP_TIMEOUT_MS): Promise<string> {
  const [program = '', ...first] = command;
  const options = { cwd: root, timeout, maxBuffer: OUTPUT_BYTES_MAX };
  const { stdout } = await run(program, [...first, '-p', PROJECT, ...args], options);
  return stdout;
}

/** An engine may still be taking the last containers off the network when it is asked to remove it. */
async function down(): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await compose([...BOTH, 'down', '--volumes', '--remove-orphans']);
      return;
    } catch (error) {
      if (attempt === DOWN_ATTEMPTS_MAX) throw error;
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }
}

async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { maxBuffer: OUTPUT_BYTES_MAX })).stdout.trim();
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(method: string, url: string): Promise<Answer> {
  const response = await fetch(url, { method });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function waitUntilReady(port: number): Promise<void> {
  const deadlineMs = performance.now() + UP_TIMEOUT_MS;
  for (;;) {
    const ready = await fetch(`http://localhost:${port}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() > deadlineMs)
      throw new Error(`port ${port} is not ready:\n${await compose(['logs', '--tail', '20'])}`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

const CORE = { risk_gate: 8004, executor: 8005, auditor: 8006, engine: 8007 };
const OVERLAY = { data_ingester: 8001, param_controller: 8002, ml_service: 8003 };

before(async () => {
  command = await composeCommand();
  await down();
  await compose([...BOTH, 'build'], BUILD_TIMEOUT_MS);
});
after(down);

test('without the overlay the trading core comes up', async () => {
  await compose(['-f', 'docker-compose.yml', 'up', '-d']);
  await Promise.all(Object.values(CORE).map(waitUntilReady));
  const running = (
    await compose(['-f', 'docker-compose.yml', 'ps', '--services', '--filter', 'status=running'])
  )
    .trim()
    .split('\n');
  assert.deepEqual(running.toSorted(), ['auditor', 'engine', 'executor', 'postgres', 'risk_gate']);
});

test('with the overlay bars come in, a model is trained, parameters are chosen, the record verifies', async () => {
  await compose([...BOTH, 'up', '-d']);
  await Promise.all(Object.values({ ...CORE, ...OVERLAY }).map(waitUntilReady));

  const ingest = await call('POST', 'http://localhost:8001/ingest_once');
  assert.equal(ingest.status, 200, JSON.stringify(ingest.body));
  assert.match(JSON.stringify(ingest.body), /"status":"ingested"/);

  const train = await call('POST', 'http://localhost:8003/train?wait=true');
  assert.equal(train.status, 200, JSON.stringify(train.body));
  assert.match(JSON.stringify(train.body), /"status":"trained"/);

  const param = await call(
    'GET',
    'http://localhost:8002/param/momentum_breakout/SP500?features[hmm_trend]=0.7&features[vol]=0.3',
  );
  assert.equal(param.status, 200, JSON.stringify(param.body));
  assert.ok(Number(param.body.propensity) > 0);

  const verify = await call('GET', 'http://localhost:8006/verify');
  assert.equal(verify.body.verified, true, JSON.stringify(verify.body));
  assert.ok(Number(verify.body.events) >= 3);
});

test('no container has more rights than it needs', async () => {
  const names = (
    await docker('ps', '--filter', `label=com.docker.compose.project=${PROJECT}`, '--format', '{{.Names}}')
  ).split('\n');
  assert.ok(names.length >= 9, names.join());
  for (const name of names) {
    const [container] = JSON.parse(await docker('inspect', name)) as [Inspected];
    const { HostConfig: host } = container;
    assert.ok(container.Config.Healthcheck, `${name} has a health check`);
    assert.equal(host.ReadonlyRootfs, true, name);
    assert.deepEqual(host.CapDrop, ['ALL'], name);
    assert.ok(
      host.SecurityOpt.some((option) => option.startsWith('no-new-privileges')),
      name,
    );
    assert.ok(host.Memory > 0 && host.PidsLimit > 0, name);
    for (const bindings of Object.values(host.PortBindings)) {
      for (const binding of bindings) assert.equal(binding.HostIp, '127.0.0.1', name);
    }
    const status = await docker('exec', name, 'cat', '/proc/1/status');
    assert.doesNotMatch(status, /^Uid:\t0\t/m, `${name} runs as root`);
    assert.match(status, /^CapEff:\t0+$/m, name);
    await assert.rejects(docker('exec', name, 'touch', '/app-write-test'), /Read-only file system/, name);
  }
});

interface Inspected {
  readonly Config: { readonly Healthcheck?: unknown };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[];
    readonly SecurityOpt: readonly string[];
    readonly Memory: number;
    readonly PidsLimit: number;
    readonly PortBindings: Record<string, readonly { HostIp: string }[]>;
  };
}

test('a restart of every container finds the same data', async () => {
  const earlier = await call('GET', 'http://localhost:8006/verify');
  await compose([...BOTH, 'restart']);
  await Promise.all(Object.values({ ...CORE, ...OVERLAY }).map(waitUntilReady));
  const later = await call('GET', 'http://localhost:8006/verify');
  assert.equal(later.body.verified, true, JSON.stringify(later.body));
  assert.ok(Number(later.body.events) >= Number(earlier.body.events));
  const again = await call('POST', 'http://localhost:8003/train?wait=true');
  assert.deepEqual(again.body, { runs: [] }, 'every file was trained on before');
});
