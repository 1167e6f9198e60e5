import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderLake, RawStore } from '@aistock/lake';
import { findFirst, findWatermark, registerEarlier, registerFile, type NewFile } from '@aistock/ledger';
import type { Bar } from '@aistock/market';
import type { Service } from '@aistock/service-kit';
import { createClient, mlServiceApi, type Client } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { createApp, type Overrides } from '../src/app.ts';
import { startFakeIngester, type FakeIngester } from './fake-ingester.ts';
import { STREAM } from './sp500.ts';

/** Of POST /train: answer when the runs are over. */
export const WAIT = { query: { wait: 'true' } } as const;

/** ml_service over a real database, a real lake and a faked data_ingester. */
export interface Rig extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly ingester: FakeIngester;
  readonly lakeDir: string;
  readonly ml: Client<typeof mlServiceApi>;
  readonly url: string;
  /** Stores and registers bars as one file, and lets the data_ingester serve them. */
  register(bars: readonly Bar[], stream?: string): Promise<string>;
  /** The same with bars from before the first ones. */
  registerEarlier(bars: readonly Bar[]): Promise<void>;
  /** What another process of the same service is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the service; `restart` starts it again. */
  stop(): Promise<void>;
  /** Ends the service and starts it again with other settings. */
  restart(env?: Record<string, string>, overrides?: Overrides): Promise<void>;
}

export async function startRig(env: Record<string, string> = {}, overrides: Overrides = {}): Promise<Rig> {
  const database = await createTestDatabase();
  const ingester = await startFakeIngester();
  const lakeDir = await mkdtemp(join(tmpdir(), 'ml-service-'));
  const place = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url('ml_service'),
    DATA_INGESTER_URL: ingester.service.url,
    LAKE_DIR: lakeDir,
    REPORT_KEY_FILE: join(lakeDir, 'keys', 'report-key.pem'),
  };
  const start = async (own: Record<string, string>, others: Overrides): Promise<Service> => {
    const service = await createApp({ ...place, ...own }, others);
    await service.listen();
    return service;
  };
  let service = await start(env, overrides);
  const rig: { -readonly [Key in keyof Rig]: Rig[Key] } = {
    database,
    ingester,
    lakeDir,
    ml: createClient(mlServiceApi, { baseUrl: service.url }),
    url: service.url,
    env: { ...place, ...env },
    register: (bars, stream = STREAM) => registerBars(rig, bars, stream),
    registerEarlier: (bars) => registerEarlierBars(rig, bars),
    stop: () => service.stop(),
    restart: async (own = env, others = overrides) => {
      await service.stop();
      service = await start(own, others);
      rig.ml = createClient(mlServiceApi, { baseUrl: service.url });
      rig.url = service.url;
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await ingester.service.stop();
      await database.drop();
      await rm(lakeDir, { recursive: true });
    },
  };
  return rig;
}

async function registerBars(rig: Rig, bars: readonly Bar[], stream: string): Promise<string> {
  const { database, ingester } = rig;
  const stored = await storeBars(rig, bars, stream);
  const watermark = await findWatermark(database.db, stream);
  const { file } = await database.db.transaction().execute((trx) => registerFile(trx, stored, watermark));
  // Every stream has the same bars.
  if (stream === STREAM) ingester.bars = [...ingester.bars, ...bars];
  return file.file_id;
}

async function registerEarlierBars(rig: Rig, bars: readonly Bar[]): Promise<void> {
  const { database, ingester } = rig;
  const stored = await storeBars(rig, bars, STREAM);
  const firstMs = await findFirst(database.db, STREAM);
  await database.db.transaction().execute((trx) => registerEarlier(trx, stored, firstMs ?? 0));
  ingester.bars = [...bars, ...ingester.bars];
}

async function storeBars({ lakeDir }: Rig, bars: readonly Bar[], stream: string): Promise<NewFile> {
  const stored = await new RawStore(folderLake(lakeDir)).write(bars);
  const { size } = await stat(join(lakeDir, stored.path));
  return {
    stream,
    sha256: stored.sha256,
    path: stored.path,
    rows: bars.length,
    bytes: size,
    firstOpenMs: bars[0]!.openMs,
    lastOpenMs: bars.at(-1)!.openMs,
  };
}
