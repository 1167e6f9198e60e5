// A lake from before the store had a catalogue: one Parquet file a raw file, named by its hash.
import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { PartStore, type StoredBar } from '@aistock/lake';
import { createLogger } from '@aistock/service-kit';
import { adoption } from './adoption.ts';
import { barReader } from './bar-reader.ts';
import { createCuratedRig, SERIES, type CuratedRig } from './curated-rig.fixture.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2023, 0, 30);
const ALL = { asOfMs: START_MS * 2, limit: 1_000 };
const logger = createLogger({ service: 'test', level: 'silent' });

let rig: CuratedRig;
beforeEach(async () => {
  rig = await createCuratedRig();
});
afterEach(() => rig.close());

function bars(from: number, count: number): StoredBar[] {
  return Array.from({ length: count }, (_, index) => ({
    openMs: START_MS + (from + index) * DAY_MS,
    open: '42000.12',
    high: '42000.123456789012',
    low: '0.5',
    close: String(from + index + 1),
    volume: '0',
    source: 'sim',
    knownMs: START_MS + 10 * DAY_MS,
    revision: 0,
  }));
}

/** Registers bars as it was done before. */
async function keepEarlier(kept: StoredBar[], { raw }: { readonly raw: boolean }): Promise<string> {
  const fileId = await rig.keep(kept, { listed: false });
  const { sha256, path } = await rig.db
    .selectFrom('ledger.file')
    .select(['sha256', 'path'])
    .where('file_id', '=', fileId)
    .executeTakeFirstOrThrow();
  const earlier = join(rig.folder, 'curated', sha256.slice(0, 2), `${sha256}.parquet`);
  await mkdir(dirname(earlier), { recursive: true });
  const { source, knownMs, revision } = kept[0]!;
  const made = await rig.curated.writeRaw({ stream: SERIES.stream, sha256, source, knownMs, revision });
  assert.equal(made.length, 1, 'an earlier file knew no years');
  await writeFile(earlier, made[0]!.content);
  await rig.curated.remove(made[0]!.part.path);
  if (!raw) await rm(join(rig.folder, path));
  return fileId;
}

const reader = (adopted = adoption(rig, logger)) => barReader(rig.db, rig.lake, adopted);

test('its bars are served as before, from raw files or from the Parquet that is left', async () => {
  await keepEarlier(bars(0, 5), { raw: true });
  await keepEarlier(bars(5, 5), { raw: false });
  await rig.keep(bars(10, 1));
  const adopted = adoption(rig, logger);
  assert.deepEqual(await reader(adopted).bars(SERIES, ALL), bars(0, 11));
  assert.deepEqual(await adopted.lostBars(), []);
  const parts = await rig.db
    .selectFrom('market.part')
    .select(['year', 'rows', 'sources'])
    .orderBy('first_open_at')
    .execute();
  assert.deepEqual(
    parts.map(({ year, rows }) => [year, rows]),
    [
      [2023, 5],
      [2023, 5],
      [2023, 1],
    ],
  );
});

test('what was adopted once is not touched again, and two that adopt do it once', async () => {
  for (let file = 0; file < 5; file++) await keepEarlier(bars(file * 3, 3), { raw: true });
  await Promise.all([1, 2, 3].map(() => adoption(rig, logger).lostBars()));
  const parts = await rig.db.selectFrom('market.part').select('rows').execute();
  assert.equal(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    15,
  );
  assert.deepEqual(await reader().bars(SERIES, ALL), bars(0, 15));
});

test('a file that another process adopts meanwhile is not lost', async () => {
  await keepEarlier(bars(0, 5), { raw: false });
  const slow = new (class extends PartStore {
    override async writeRaw(...file: Parameters<PartStore['writeRaw']>) {
      await adoption(rig, logger).lostBars();
      return super.writeRaw(...file);
    }
  })(rig.lake);
  assert.deepEqual(await adoption({ ...rig, curated: slow }, logger).lostBars(), []);
});

test('the files of the earlier layout are gone afterwards, so that the folder is one table', async () => {
  await keepEarlier(bars(0, 5), { raw: true });
  await adoption(rig, logger).lostBars();
  const left = await readdir(join(rig.folder, 'curated'), { recursive: true });
  const files = left.filter((name) => name.endsWith('.parquet'));
  assert.ok(files.length === 1 && files.every((name) => name.startsWith('source=sim')), files.join());
});

test('a file whose bars are nowhere is an error where they would be, until it is back', async () => {
  await keepEarlier(bars(0, 5), { raw: true });
  const lost = await keepEarlier(bars(5, 5), { raw: false });
  const { sha256 } = await rig.db
    .selectFrom('ledger.file')
    .select('sha256')
    .where('file_id', '=', lost)
    .executeTakeFirstOrThrow();
  const earlier = join(rig.folder, 'curated', sha256.slice(0, 2), `${sha256}.parquet`);
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(earlier);
  await writeFile(earlier, 'damaged');
  const adopted = adoption(rig, logger);
  const found = await adopted.lostBars();
  assert.deepEqual(
    found.map(({ fileId }) => fileId),
    [lost],
  );
  await assert.rejects(reader(adopted).bars(SERIES, ALL), { name: 'LakeFileError', kind: 'missing' });
  const before = { ...ALL, toMs: START_MS + 5 * DAY_MS };
  assert.deepEqual(await reader(adopted).bars(SERIES, before), bars(0, 5));
  await writeFile(earlier, bytes);
  assert.deepEqual(await adopted.again(), []);
  assert.deepEqual(await reader(adopted).bars(SERIES, ALL), bars(0, 10));
});

test('without a database nothing is read, and the next question looks again', async () => {
  await keepEarlier(bars(0, 5), { raw: true });
  let down = true;
  const adopted = adoption(
    {
      ...rig,
      get db() {
        if (down) throw new Error('no database');
        return rig.db;
      },
    },
    logger,
  );
  await assert.rejects(reader(adopted).bars(SERIES, ALL), /no database/);
  down = false;
  assert.deepEqual(await reader(adopted).bars(SERIES, ALL), bars(0, 5));
});
