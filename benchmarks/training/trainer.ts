import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openDatabase } from '@aistock/database';
import { freePort, startPostgres } from '@aistock/database/embedded';
import { migrate } from '@aistock/database/migrate';
import { registerFile } from '@aistock/ledger';
import { createClient, mlServiceApi, type Client } from '@aistock/shared';
import { type ServiceProcess, startService, waitUntilReady } from '../../scripts/stack/service-process.ts';
import { BARS, openMsOf, STREAMS } from './work.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const THREADS = 2;
/** Of the clock that Linux counts processor time by. */
const TICKS_PER_SECOND = 100;
const PASSWORD = 'bench-password';

/** The real ml_service over a database of its own; the bars come from a process that has them in memory. */
export interface Trainer {
  readonly ml: Client<typeof mlServiceApi>;
  /** What the process of the service has taken so far, its threads with it. */
  taken(): Promise<Taken>;
  stop(): Promise<void>;
}

export interface Taken {
  readonly processorSeconds: number;
  /** The largest that it has been. */
  readonly peakMib: number;
}

export async function startTrainer(folder: string): Promise<Trainer> {
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    password: PASSWORD,
    settings: { synchronous_commit: 'on' },
    database: 'aistock',
  });
  const processes: ServiceProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const process of processes) process.kill('SIGTERM');
    await Promise.all(processes.map(({ ended }) => ended));
    await postgres.stop();
  };
  const start = async (entry: string, env: Record<string, string> = {}): Promise<ServiceProcess> => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const logFile = join(folder, 'services.log');
    const common = { PORT: String(port), NODE_COMPILE_CACHE: join(folder, 'compile-cache') };
    const spec = { name: entry, entry, url, env: { ...common, ...env }, logFile };
    const process = startService(ROOT, spec);
    processes.push(process);
    await waitUntilReady(process);
    return process;
  };
  try {
    await migrate({ adminUrl: postgres.url, passwords: { ml_service: PASSWORD } });
    await registerStreams(postgres.url);
    const bars = await start('benchmarks/training/bars-service.ts');
    const service = await start('services/ml_service/src/main.ts', {
      DATABASE_URL: serviceUrl(postgres.url),
      DATA_INGESTER_URL: bars.spec.url,
      LAKE_DIR: join(folder, 'lake'),
      REPORT_KEY_FILE: join(folder, 'report-key.pem'),
      TRAINING_THREADS: String(THREADS),
    });
    const ml = createClient(mlServiceApi, { baseUrl: service.spec.url });
    return { ml, taken: () => takenBy(service.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One file of each stream, as if it had been trained on before: a training on a window reads bars, not files. */
async function registerStreams(adminUrl: string): Promise<void> {
  const db = openDatabase({ url: adminUrl, applicationName: 'bench_training' });
  for (const stream of STREAMS) {
    const sha256 = createHash('sha256').update(stream).digest('hex');
    const range = { firstOpenMs: openMsOf(0), lastOpenMs: openMsOf(BARS - 1) };
    const file = { stream, sha256, path: `raw/${sha256}.csv.gz`, rows: BARS, bytes: BARS, ...range };
    await db.transaction().execute((trx) => registerFile(trx, file, null));
  }
  await db.destroy();
}

function serviceUrl(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.username = 'aistock_ml_service';
  url.password = PASSWORD;
  return url.href;
}

/** As Linux counts it, since the program was loaded. */
async function takenBy(pid: number): Promise<Taken> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  // The name of the program is in parentheses; user and system time are the twelfth and thirteenth field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { processorSeconds: ticks / TICKS_PER_SECOND, peakMib: peakKib / 1024 };
}
