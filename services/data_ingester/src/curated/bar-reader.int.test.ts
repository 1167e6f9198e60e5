// Nothing comes back that closed after the asked time, nor a revision that was learned after it, whatever is asked and
// however the bars lie in parts.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { StoredBar } from '@aistock/lake';
import fc from 'fast-check';
import { barReader, type BarsQuery } from './bar-reader.ts';
import { compactStream } from './compact-stream.ts';
import { createCuratedRig, SERIES, type CuratedRig } from './curated-rig.fixture.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2022, 5);
/** Three years of hours: many stretches that are read at once, and two New Years. */
const HOURS = 26_000;
const FIRST_FILES = 40;
const REVISIONS = 60;

let rig: CuratedRig;
let rows: StoredBar[];
before(async () => {
  rig = await createCuratedRig();
  rows = [];
  for (const bars of files()) {
    await rig.keep(bars);
    rows.push(...bars);
  }
});
after(() => rig.close());

/** Files as first published, with holes, one after the other; and restated and late bars of every age. */
function* files(): Generator<StoredBar[]> {
  const random = seeded(7);
  const below = (end: number): number => Math.floor(random() * end);
  const bar = (hour: number, more: Partial<StoredBar>): StoredBar => {
    const price = `${below(100_000)}.${below(9) + 1}`;
    const values = { open: price, high: price, low: price, close: price, volume: String(below(1_000)) };
    return { openMs: START_MS + hour * HOUR_MS, ...values, source: 'sim', knownMs: 0, revision: 0, ...more };
  };
  const each = HOURS / FIRST_FILES;
  for (let file = 0; file < FIRST_FILES; file++) {
    const hours = [...new Set(Array.from({ length: 12 }, () => file * each + below(each)))];
    const knownMs = START_MS + (file + 1 + below(3)) * each * HOUR_MS;
    yield hours.toSorted((a, b) => a - b).map((hour) => bar(hour, { knownMs }));
  }
  const revisionOf = new Map<number, number>();
  for (let file = 0; file < REVISIONS; file++) {
    const from = below(HOURS);
    const known = rows.map(({ openMs }) => (openMs - START_MS) / HOUR_MS);
    const hours = [...new Set([from, known[below(known.length)]!])].toSorted((a, b) => a - b);
    const revision = 1 + Math.max(...hours.map((hour) => revisionOf.get(hour) ?? 0), file % 7);
    for (const hour of hours) revisionOf.set(hour, revision);
    const knownMs = START_MS + (hours.at(-1)! + 1 + below(HOURS)) * HOUR_MS;
    for (const hour of hours) yield [bar(hour, { knownMs, revision, source: 'other' })];
  }
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

/** The rule word for word. */
function naive(query: BarsQuery): StoredBar[] {
  const { asOfMs, knownMs = Infinity, fromMs = 0, toMs = Infinity } = query;
  const newest = new Map<number, StoredBar>();
  for (const row of rows) {
    const known = row.knownMs <= knownMs && (row.revision === 0 || row.knownMs <= asOfMs);
    if (!known || row.openMs + HOUR_MS > asOfMs || row.openMs < fromMs || row.openMs >= toMs) continue;
    if (row.revision >= (newest.get(row.openMs)?.revision ?? 0)) newest.set(row.openMs, row);
  }
  const bars = [...newest.values()].toSorted((a, b) => a.openMs - b.openMs);
  return query.newest === true ? bars.slice(-query.limit) : bars.slice(0, query.limit);
}

const time = fc.integer({ min: -10, max: HOURS * 2 }).map((hour) => START_MS + hour * HOUR_MS);
const near = fc.tuple(time, fc.constantFrom(-1, 0, 1)).map(([at, by]) => at + by);
const maybe = fc.option(near, { nil: undefined });
const query = fc
  .record({
    asOfMs: near,
    knownMs: maybe,
    fromMs: maybe,
    toMs: maybe,
    newest: fc.boolean(),
    limit: fc.constantFrom(1, 3, 50, 10_000),
  })
  .filter(({ fromMs, toMs }) => fromMs === undefined || toMs === undefined || fromMs <= toMs);

async function assertAnswers(runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const bars = await rig.reader.bars(SERIES, asked);
      assert.deepEqual(bars, naive(asked));
      const columns = await rig.reader.columns(SERIES, asked);
      const all = naive({ ...asked, limit: Infinity });
      for (const name of ['openMs', 'open', 'high', 'low', 'close', 'volume'] as const)
        assert.deepEqual(
          [...columns[name]],
          all.map((bar) => Number(bar[name])),
          name,
        );
    }),
    { numRuns: runs },
  );
}

test('every question gets what was known by then, and nothing that was learned later', async () => {
  assert.ok(rows.some((row) => row.revision > 1) && rows.length > 500);
  await assertAnswers(150);
});

test('merged parts give the same answers, and leave a few parts', async () => {
  const live = () => rig.db.selectFrom('market.part').selectAll().where('retired_at', 'is', null).execute();
  const partsBefore = (await live()).length;
  assert.ok((await compactStream(rig, SERIES.stream)) >= 32);
  assert.ok((await live()).length < partsBefore - 30);
  await assertAnswers(100);
});

test('the bars of a file that is withdrawn are seen no more, those beside them in its part are', async () => {
  const fileId = await rig.keep([{ ...rows[0]!, openMs: rows[0]!.openMs + HOUR_MS / 2, revision: 20 }]);
  const asked = { asOfMs: START_MS + 2 * HOURS * HOUR_MS, limit: 10_000 };
  assert.equal((await rig.reader.bars(SERIES, asked)).length, naive(asked).length + 1);
  await rig.db
    .updateTable('ledger.file')
    .set({ status: 'quarantined', reason: 'withdrawn' })
    .where('file_id', '=', fileId)
    .execute();
  assert.deepEqual(await rig.reader.bars(SERIES, asked), naive(asked));
  assert.equal((await rig.reader.columns(SERIES, asked)).openMs.length, naive(asked).length);
});

test('a part that is gone is an error for every question that it could have answered, and for no other', async () => {
  const part = await rig.db
    .selectFrom('market.part')
    .selectAll()
    .where('year', '=', 2023)
    .where('retired_at', 'is', null)
    .orderBy('rows', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  await rm(join(rig.folder, part.path));
  const reader = barReader(rig.db, rig.lake, { lostBars: () => Promise.resolve([]) });
  const asked = { asOfMs: START_MS + 2 * HOURS * HOUR_MS, limit: 10_000 };
  await assert.rejects(reader.bars(SERIES, asked), { name: 'LakeFileError', kind: 'missing' });
  await assert.rejects(reader.columns(SERIES, asked), { name: 'LakeFileError', kind: 'missing' });
  const earlier = { ...asked, toMs: Date.UTC(2022, 8) };
  assert.deepEqual(await reader.bars(SERIES, earlier), naive(earlier));
});
