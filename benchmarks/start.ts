import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SERVICE_NAMES } from '@aistock/shared';
import type { Options } from '../scripts/stack/options.ts';
import type { Progress } from '../scripts/stack/progress.ts';
import { type ServiceProcess, startService, waitUntilReady } from '../scripts/stack/service-process.ts';
import { servicePort } from '../scripts/stack/service-specs.ts';
import { startStack } from '../scripts/stack/stack.ts';
import { medianRounds } from './rounds.ts';
import type { BenchmarkRow } from './row.ts';
import { residentMib } from './start/resident-memory.ts';

const PORT_BASE = 18_000;
const PEER_NAME = 'as many bare express processes';
const QUIET: Progress = { step: (_title, work) => work(() => {}) };
const root = resolve(dirname(import.meta.filename), '..');

interface Measured {
  readonly seconds: number;
  readonly mib: number;
}

/** Our stack on a database that is there already: Postgres, migrations looked at, seven services ready. */
async function startOurs(folder: string): Promise<Measured> {
  const options: Options = {
    once: true,
    json: false,
    fresh: false,
    yes: false,
    help: false,
    dataDir: join(folder, 'stack'),
    portBase: PORT_BASE,
  };
  const startedMs = performance.now();
  const stack = await startStack(root, options, QUIET);
  try {
    return { seconds: (performance.now() - startedMs) / 1000, mib: await memoryOf(stack.services) };
  } finally {
    await stack.stop();
  }
}

async function startBare(folder: string): Promise<Measured> {
  const startedMs = performance.now();
  const services = SERVICE_NAMES.map((name) =>
    startService(root, {
      name,
      entry: 'benchmarks/start/bare-service.ts',
      url: `http://127.0.0.1:${servicePort(name, PORT_BASE)}`,
      env: { PORT: String(servicePort(name, PORT_BASE)) },
      logFile: join(folder, 'bare.log'),
    }),
  );
  try {
    await Promise.all(services.map((service) => waitUntilReady(service)));
    return { seconds: (performance.now() - startedMs) / 1000, mib: await memoryOf(services) };
  } finally {
    for (const service of services) service.kill('SIGKILL');
    await Promise.all(services.map((service) => service.ended));
  }
}

async function memoryOf(services: readonly ServiceProcess[]): Promise<number> {
  const sizes = await Promise.all(services.map((service) => residentMib(service.pid)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export async function run(say: (line: string) => void): Promise<readonly BenchmarkRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-bench-start-'));
  await mkdir(join(folder, 'stack'));
  try {
    say('making the database once, which is not measured');
    await startOurs(folder);
    const { ours, peer } = await medianRounds(
      { ours: () => startOurs(folder), peer: () => startBare(folder) },
      { measure: ['seconds', 'mib'], say },
    );
    const row = (name: string, key: keyof Measured, unit: string): BenchmarkRow => ({
      name,
      ours: ours[key],
      peer: peer[key],
      peer_name: PEER_NAME,
      ratio: ours[key] / peer[key],
      unit,
      better: 'lower',
    });
    return [
      row('until every service is ready', 'seconds', 's'),
      row('resident memory of the services', 'mib', 'MiB'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
