import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Db, openDatabase } from '@aistock/database';
import type { Bar } from '@aistock/market';
import { type Client, createClient, dataIngesterApi } from '@aistock/shared';
import { freePort } from '@aistock/testkit';
import { createProgress } from '../../scripts/stack/progress.ts';
import { serviceSpecs, serviceUrl, type StackPlace } from '../../scripts/stack/service-specs.ts';
import { startStack, type Stack } from '../../scripts/stack/stack.ts';
import { emptyStateFolder } from '../../scripts/stack/state-folder.ts';
import { IngesterProxy } from './ingester-proxy.ts';
import { recordProcessed } from './processed-files.ts';
import { writeSources } from './proof-bars.ts';
import type { ProofTerms } from './proof-terms.ts';
import { Replica } from './replica.ts';

const root = resolve(import.meta.dirname, '../..');
const REPLICAS = 2;
const INGEST_TIMEOUT_MS = 60_000;

/** Postgres, data_ingester and two replicas of ml_service, all of them processes of their own. */
export interface ProofStack {
  /** As the owner of the database. */
  readonly db: Db;
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly proxy: IngesterProxy;
  readonly replicas: readonly Replica[];
  /** Where the services log. */
  readonly logs: string;
  /** Settles when data_ingester ends by itself. */
  readonly broken: Promise<string>;
  /** Ends everything; the folder stays where it is wanted, for its logs. */
  stop(how: { readonly keepFolder: boolean }): Promise<void>;
}

/** @throws Error with the end of the log of a service that does not get ready. */
export async function startProofStack({ portBase }: ProofTerms, bars: readonly Bar[]): Promise<ProofStack> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-training-proof-'));
  const stack = await startIngester(folder, bars, portBase);
  const { place } = stack;
  const ingesterUrl = serviceUrl('data_ingester', portBase);
  const proxy = await IngesterProxy.start(ingesterUrl);
  const db = openDatabase({ url: place.adminUrl, applicationName: 'training-proof' });
  const replicas: Replica[] = [];
  const stop = async ({ keepFolder }: { readonly keepFolder: boolean }) => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await db.destroy();
    await proxy.stop();
    await stack.stop();
    if (keepFolder) return;
    await emptyStateFolder(place.folder.root);
    await rm(folder, { recursive: true });
  };
  try {
    await recordProcessed(db);
    for (let index = 1; index <= REPLICAS; index++) {
      const replica = await replicaOf(place, proxy.url, index);
      replicas.push(replica);
      await replica.start();
    }
  } catch (error) {
    await stop({ keepFolder: true });
    throw error;
  }
  return {
    db,
    ingester: createClient(dataIngesterApi, { baseUrl: ingesterUrl, timeoutMs: INGEST_TIMEOUT_MS }),
    proxy,
    replicas,
    logs: place.folder.logs,
    broken: stack.broken,
    stop,
  };
}

async function startIngester(folder: string, bars: readonly Bar[], portBase: number): Promise<Stack> {
  const sourcesPath = join(folder, 'sources.yaml');
  await writeFile(sourcesPath, await writeSources(folder, bars));
  const dataDir = join(folder, 'state');
  const options = { once: true, json: false, fresh: false, yes: false, help: false, portBase, dataDir };
  return startStack(root, options, createProgress(process.stderr), {
    word: 'training-proof',
    instead: 'wait for it',
    services: ['data_ingester'],
    scheduler: false,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', SOURCES_FILE: sourcesPath },
  });
}

async function replicaOf(place: StackPlace, ingesterUrl: string, index: number): Promise<Replica> {
  const [spec] = serviceSpecs(place, ['ml_service']);
  if (!spec) throw new Error('ml_service has no specification');
  const port = await freePort();
  return new Replica({
    ...spec,
    url: `http://127.0.0.1:${port}`,
    logFile: join(place.folder.logs, `ml_service-${index}.log`),
    env: {
      ...spec.env,
      PORT: String(port),
      DATA_INGESTER_URL: ingesterUrl,
      EXACTLY_ONCE: 'true',
      REPORT_KEY_FILE: join(place.folder.secrets, 'report-key.pem'),
    },
  });
}
