import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, dataIngesterApi, type Client } from '@aistock/shared';
import type { Service } from '@aistock/service-kit';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { createApp, type Overrides } from '../src/app.ts';
import type { IngestResult } from '../src/ingest-result.ts';

export type IngesterClient = Client<typeof dataIngesterApi>;

/** A database and a folder of its own for one test file, and as many services on them as a test starts. */
export interface Rig {
  readonly database: TestDatabase;
  readonly folder: string;
  /** The environment of a service on this rig. */
  readonly env: (more?: Record<string, string>) => Record<string, string>;
  readonly start: (more?: Record<string, string>, overrides?: Overrides) => Promise<Running>;
  readonly close: () => Promise<void>;
}

export interface Running {
  readonly service: Service;
  readonly client: IngesterClient;
}

export async function createRig(): Promise<Rig> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'aistock-ingester-'));
  const running: Service[] = [];
  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    DATABASE_URL: database.url('data_ingester'),
    LAKE_DIR: join(folder, 'lake'),
    LOG_LEVEL: 'silent',
    PORT: '0',
    ...more,
  });
  return {
    database,
    folder,
    env,
    start: async (more, overrides) => {
      const service = await createApp(env(more), overrides);
      running.push(service);
      await service.listen();
      return { service, client: createClient(dataIngesterApi, { baseUrl: service.url }) };
    },
    close: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

const CALLS_MAX = 500;

/** Ingests one stream until its source has no more. */
export async function ingestAll(
  client: IngesterClient,
  stream: string,
  untilMs?: number,
): Promise<IngestResult[]> {
  const results: IngestResult[] = [];
  for (let call = 0; call < CALLS_MAX; call++) {
    const body = { streams: [stream], ...(untilMs === undefined ? {} : { until_ms: untilMs }) };
    const result = (await client.ingestOnce({ body })).streams[0]!;
    results.push(result);
    if (!result.more) return results;
  }
  throw new Error(`${stream} does not come to an end`);
}

/** Every bar that is served, page by page. */
export async function allBars(client: IngesterClient, stream: string, limit = 10_000) {
  const bars = [];
  for (let fromMs: number | null = 0; fromMs !== null;) {
    const page = await client.bars({ query: { stream, from_ms: String(fromMs), limit: String(limit) } });
    bars.push(...page.bars);
    fromMs = page.next_from_ms;
  }
  return bars;
}

/** The lines of a CSV file as cells, without its header. */
export async function csvRows(path: string): Promise<string[][]> {
  const [, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  return lines.map((line) => line.trim().split(','));
}
