import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderLake, PartStore, RawStore, type Disk, type LakeFiles } from '@aistock/lake';
import type { StoredBar } from '@aistock/lake';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { barReader, type BarReader } from './bar-reader.ts';
import { listFileParts } from './list-file-parts.ts';

export const SERIES = { stream: 'sim:BTC/USDT:1h', timeframe: '1h', calendar: 'always' } as const;

/** A curated store over a real database and a folder of its own. */
export interface CuratedRig {
  readonly database: TestDatabase;
  readonly db: TestDatabase['db'];
  readonly folder: string;
  readonly lake: LakeFiles;
  readonly curated: PartStore;
  readonly reader: BarReader;
  /** Registers bars of one source, revision and time of learning as one file; only in the ledger where told so. */
  keep(bars: readonly StoredBar[], how?: { readonly listed: boolean }): Promise<string>;
  close(): Promise<void>;
}

export async function createCuratedRig(disk?: Disk): Promise<CuratedRig> {
  const database = await createTestDatabase();
  const { db } = database;
  const folder = await mkdtemp(join(tmpdir(), 'aistock-curated-'));
  const lake = folderLake(folder, disk);
  await lake.prepare();
  await db
    .insertInto('market.stream')
    .values({ ...SERIES, source: 'sim', instrument: 'BTC/USDT', gap_meaning: 'session' } as never)
    .execute();
  const curated = new PartStore(lake);
  const rig = { database, db, folder, lake, curated };
  return {
    ...rig,
    reader: barReader(db, lake, { lostBars: () => Promise.resolve([]) }),
    keep: (bars, how = { listed: true }) => keep(rig, bars, how.listed),
    close: async () => {
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function keep(
  { db, lake, curated }: Pick<CuratedRig, 'db' | 'lake' | 'curated'>,
  bars: readonly StoredBar[],
  listed: boolean,
): Promise<string> {
  const [{ source, knownMs, revision }, last] = [bars[0]!, bars.at(-1)!];
  const stored = await new RawStore(lake).write(bars);
  const { stream } = SERIES;
  const file = {
    ...stored,
    stream,
    rows: bars.length,
    revision,
    first_open_at: new Date(bars[0]!.openMs),
    last_open_at: new Date(last.openMs),
    registered_at: new Date(knownMs),
  };
  const { file_id: fileId } = await db
    .insertInto('ledger.file')
    .values(file)
    .returning('file_id')
    .executeTakeFirstOrThrow();
  if (!listed) return fileId;
  const made = await curated.writeRaw({ stream, sha256: stored.sha256, source, knownMs, revision });
  await db.transaction().execute((trx) => listFileParts(trx, curated, { fileId, source, knownMs, made }));
  return fileId;
}
