// Whatever is interrupted where, each bar stays in exactly one part that is listed, and files that nothing lists go.
import assert from 'node:assert/strict';
import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { nodeDisk, type Disk, type PartStore } from '@aistock/lake';
import type { StoredBar } from '@aistock/lake';
import { createLogger, systemClock } from '@aistock/service-kit';
import { sweepLake } from '../sweep-lake.ts';
import { MERGED_PARTS } from './choose-merges.ts';
import { compactStream, crowdedStreams, removeRetired } from './compact-stream.ts';
import { createCuratedRig, SERIES, type CuratedRig } from './curated-rig.fixture.ts';
import { repairStream } from './repair-stream.ts';
import { tidy } from './tidy.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2024);
const FILES = MERGED_PARTS + 2;
const ALL = { asOfMs: START_MS * 2, limit: 10_000 };
const logger = createLogger({ service: 'test', level: 'silent' });

let rig: CuratedRig;
let failAt: number;
let step: number;
beforeEach(async () => {
  failAt = Infinity;
  step = 0;
  rig = await createCuratedRig(FAILING);
  for (let file = 0; file < FILES; file++) await rig.keep(bars(file * 3, 3));
});
afterEach(() => rig.close());

async function once<T>(work: () => Promise<T>): Promise<T> {
  if (step++ === failAt) throw new Error('killed');
  return work();
}

/** A disk that stands still at one step, as it does for a process that is killed there. */
const FAILING: Disk = {
  ...nodeDisk,
  write: (path, content) => once(() => nodeDisk.write(path, content)),
  sync: (path) => once(() => nodeDisk.sync(path)),
  rename: (from, to) => once(() => nodeDisk.rename(from, to)),
  remove: (path) => once(() => nodeDisk.remove(path)),
};

function bars(from: number, count: number, more: Partial<StoredBar> = {}): StoredBar[] {
  return Array.from({ length: count }, (_, index) => ({
    openMs: START_MS + (from + index) * HOUR_MS,
    open: '1',
    high: '2.5',
    low: '0.00000001',
    close: String(from + index + 1),
    volume: '0',
    source: 'sim',
    knownMs: START_MS,
    revision: 0,
    ...more,
  }));
}

const closes = async (reader = rig.reader): Promise<string[]> =>
  (await reader.bars(SERIES, ALL)).map(({ close }) => close);
const EXPECTED = bars(0, FILES * 3).map(({ close }) => close);

async function files(): Promise<string[]> {
  const entries = await readdir(join(rig.folder, 'curated'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
const tidying = () => ({ ...rig, locks: rig.db, logger, sweep: () => Promise.resolve() });
const listed = () =>
  rig.db.selectFrom('market.part').select(['part_id', 'path', 'rows', 'retired_at']).execute();

/** Whoever reads the whole folder sees each bar once. */
async function assertOneTable(): Promise<void> {
  const parts = await listed();
  assert.deepEqual((await files()).toSorted(), parts.map(({ path }) => join(rig.folder, path)).toSorted());
  assert.equal(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    FILES * 3,
  );
}

test('small parts become one, and what they were merged from goes once nobody can be reading it', async () => {
  assert.deepEqual(await crowdedStreams(rig.db), [SERIES.stream]);
  await tidy(tidying());
  assert.deepEqual(await closes(), EXPECTED);
  assert.equal((await files()).length, FILES + 1, 'a reader may still be at the old ones');
  await tidy(tidying(), 0);
  assert.equal((await listed()).length, 3);
  await assertOneTable();
  assert.deepEqual(await closes(), EXPECTED);
  assert.equal(await compactStream(rig, SERIES.stream), 0);
});

test('killed at any step of a merge, nothing is lost, doubled or left over', async () => {
  for (failAt = 0; ; failAt++) {
    step = 0;
    const killed = await tidy(tidying(), 0).then(
      () => step <= failAt,
      () => false,
    );
    assert.deepEqual(await closes(), EXPECTED, `killed at step ${failAt}`);
    if (killed) break;
  }
  assert.ok(failAt > 5, `${failAt} steps`);
  const longAgo = new Date(Date.now() - 86_400_000);
  for (const path of await files()) await utimes(path, longAgo, longAgo);
  await sweepLake({ db: rig.db, lake: rig.lake, clock: systemClock, logger });
  await assertOneTable();
});

test('of two that merge the same parts one wins, and the other changes nothing', async () => {
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => compactStream(rig, SERIES.stream)));
  assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
  assert.deepEqual(await closes(), EXPECTED);
  const live = (await listed()).filter((part) => part.retired_at === null);
  assert.equal(
    live.reduce((sum, { rows }) => sum + rows, 0),
    FILES * 3,
  );
});

test('a part that was retired and is used again keeps its file', async () => {
  const [part] = await listed();
  const retire = rig.db.updateTable('market.part').set({ retired_at: new Date(0) });
  await retire.where('part_id', '=', part!.part_id).execute();
  const slow: Pick<PartStore, 'remove'> = { remove: () => Promise.reject(new Error('killed')) };
  await assert.rejects(removeRetired({ ...rig, curated: slow as PartStore }, 0), /killed/);
  assert.equal((await listed()).length, FILES, 'its row stays until its file is gone');
  await rm(join(rig.folder, part!.path));
  const { sha256 } = await rig.db
    .selectFrom('ledger.file')
    .select('sha256')
    .where('first_open_at', '=', new Date(START_MS))
    .executeTakeFirstOrThrow();
  const { listParts } = await import('./part-catalogue.ts');
  const made = await rig.curated.writeRaw({
    stream: SERIES.stream,
    sha256,
    source: 'sim',
    knownMs: START_MS,
    revision: 0,
  });
  await rm(join(rig.folder, part!.path));
  await rig.db.transaction().execute((trx) => listParts(trx, rig.curated, { made, sources: ['sim'] }));
  assert.equal(await removeRetired(rig, 0), 0);
  assert.deepEqual(await closes(), EXPECTED);
});

test('damaged and missing parts are made anew from the raw files, or stay an error', async () => {
  const asked = { by: 'someone', reason: 'the disk was bad' };
  await tidy(tidying(), 0);
  const [merged, small] = (await listed()).toSorted((a, b) => b.rows - a.rows);
  await writeFile(join(rig.folder, merged!.path), 'damaged');
  await rm(join(rig.folder, small!.path));
  const repair = await repairStream(rig, SERIES.stream, asked);
  assert.deepEqual([repair.verified, repair.repaired, repair.lost], [3, 2, []]);
  assert.deepEqual(await closes(), EXPECTED);
  assert.deepEqual((await repairStream(rig, SERIES.stream, asked)).repaired, 0);

  const [part] = (await listed()).filter(({ retired_at: at }) => at === null);
  const { raw_sha256: raw } = await rig.db
    .selectFrom('market.part')
    .select('raw_sha256')
    .where('part_id', '=', part!.part_id)
    .executeTakeFirstOrThrow();
  await writeFile(join(rig.folder, part!.path), 'damaged');
  await rm(join(rig.folder, 'raw', raw[0]!.slice(0, 2), `${raw[0]}.csv.gz`));
  const { lost, repaired } = await repairStream(rig, SERIES.stream, asked);
  assert.deepEqual([lost.length, repaired], [1, 0]);
  assert.match(lost[0]!.why, /is not what its name says.*is not there/);
});

test('a damaged part is made anew without the raw file that was withdrawn from it', async () => {
  await tidy(tidying(), 0);
  const [merged] = (await listed()).toSorted((a, b) => b.rows - a.rows);
  const withdrawn = await rig.db
    .updateTable('ledger.file')
    .set({ status: 'quarantined', reason: 'file_corrupt' })
    .where('stream', '=', SERIES.stream)
    .where('first_open_at', '=', new Date(START_MS + 3 * HOUR_MS))
    .returning('path')
    .executeTakeFirstOrThrow();
  await writeFile(join(rig.folder, withdrawn.path), 'corrupt');
  const served = EXPECTED.filter((_, index) => index < 3 || index >= 6);
  assert.deepEqual(await closes(), served);
  await writeFile(join(rig.folder, merged!.path), 'damaged');
  const { lost, repaired } = await repairStream(rig, SERIES.stream, { by: 'someone', reason: 'bad disk' });
  assert.deepEqual([lost, repaired], [[], 1]);
  assert.deepEqual(await closes(), served);
});
