import { join, resolve } from 'node:path';
import { openDatabase } from '@aistock/database';
import { freePort, startPostgres } from '@aistock/database/embedded';
import { migrate } from '@aistock/database/migrate';
import { createClient, riskGateApi, type ServiceName } from '@aistock/shared';
import { type ServiceProcess, startService, waitUntilReady } from '../../scripts/stack/service-process.ts';
import { ACCOUNTS, limitsOf } from './work.ts';

const PASSWORD = 'bench-password';
const ROOT = resolve(import.meta.dirname, '../..');
const START_CASH = '1000000000';

/** Where each server listens. */
export interface Servers {
  readonly paramController: string;
  readonly riskGate: string;
  readonly plumbing: string;
  readonly bare: string;
  stop(): Promise<void>;
}

/** Starts the services on a Postgres that waits for the disk at every commit, and the peers, each in its own process. */
export async function startServers(folder: string): Promise<Servers> {
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
  const start = async (entry: string, env: Record<string, string> = {}): Promise<string> => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const common = { PORT: String(port), RATE_LIMIT_PER_S: '1000000' };
    const logFile = join(folder, 'services.log');
    const process = startService(ROOT, { name: entry, entry, url, env: { ...common, ...env }, logFile });
    processes.push(process);
    await waitUntilReady(process);
    return url;
  };
  try {
    await prepareDatabase(postgres.url);
    const prices = await start('benchmarks/http/price-service.ts');
    const riskGate = await start('services/risk_gate/src/main.ts', {
      DATABASE_URL: roleUrl(postgres.url, 'risk_gate'),
      DATA_INGESTER_URL: prices,
      PERMIT_TTL_MS: '50', // no executor makes orders of these permits, so that they would pile up
    });
    await setLimits(riskGate);
    return {
      paramController: await start('services/param_controller/src/main.ts', {
        DATABASE_URL: roleUrl(postgres.url, 'param_controller'),
      }),
      riskGate,
      plumbing: await start('benchmarks/http/plumbing-service.ts', { DATABASE_URL: postgres.url }),
      bare: await start('benchmarks/http/bare-service.ts'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareDatabase(adminUrl: string): Promise<void> {
  await migrate({ adminUrl, passwords: { risk_gate: PASSWORD, param_controller: PASSWORD } });
  const db = openDatabase({ url: adminUrl, applicationName: 'bench_http' });
  const terms = {
    venue: 'paper',
    currency: 'USD',
    start_cash: START_CASH,
    cash: START_CASH,
    reconciled: true,
  };
  await db
    .insertInto('trading.account')
    .values(ACCOUNTS.map((account) => ({ account, ...terms })))
    .execute();
  await db.destroy();
}

async function setLimits(riskGate: string): Promise<void> {
  const gate = createClient(riskGateApi, { baseUrl: riskGate });
  for (const account of ACCOUNTS)
    await gate.setLimits({ body: { by: 'bench', reason: 'benchmark', limits: limitsOf(account) } });
}

function roleUrl(adminUrl: string, service: ServiceName): string {
  const url = new URL(adminUrl);
  url.username = `aistock_${service}`;
  url.password = PASSWORD;
  return url.href;
}
