import type { Db } from '@aistock/database';
import { RECORDS_PER_FILE } from '@aistock/lake';
import {
  findRawLogExport,
  fromLine,
  listRawLog,
  toLine,
  type RawLogPlace,
  type RawLogRow,
} from '@aistock/ledger';
import type { LogTable } from './check-log.ts';
import type { ExpectedFiles } from './expected-files.ts';
import type { Findings } from './findings.ts';

const ROWS_PER_PAGE = 5_000;

/** What the database says about the lake. */
export interface Catalogue {
  readonly log: LogTable;
  /** Applies what was recorded, or taken over by other parts, after the last record that was applied. */
  readonly applyLateRecords: (expected: ExpectedFiles) => Promise<void>;
  /** Adds what ledger and curated store name; to be called once the raw log has been read. */
  readonly expectFiles: (expected: ExpectedFiles, findings: Findings) => Promise<void>;
}

export async function openCatalogue(db: Db): Promise<Catalogue> {
  const list = (after: RawLogPlace | undefined): Promise<RawLogRow[]> => listRawLog(db, after, ROWS_PER_PAGE);
  return {
    log: { list, exported: await findRawLogExport(db), recordsPerFile: RECORDS_PER_FILE },
    applyLateRecords: async (expected) => {
      await expectParts(db, expected);
      let rows = await list(expected.lastApplied);
      while (rows.length > 0) {
        for (const row of rows) {
          const sealed = fromLine(toLine(row));
          if (typeof sealed !== 'string') expected.apply(sealed.record);
        }
        rows = await list(rows.at(-1));
      }
    },
    expectFiles: async (expected, findings) => {
      await expectLedgerFiles(db, expected, findings);
      await expectParts(db, expected);
      await findUncurated(db, findings);
    },
  };
}

async function expectLedgerFiles(db: Db, expected: ExpectedFiles, findings: Findings): Promise<void> {
  const [first] = await listRawLog(db, undefined, 1);
  const recordsSince = first?.day ?? '9999-12-31';
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await db
      .selectFrom('ledger.file')
      .select(['file_id', 'stream', 'sha256', 'path', 'deleted_at'])
      .where('file_id', '>', after)
      .orderBy('file_id')
      .limit(ROWS_PER_PAGE)
      .execute();
    for (const { stream, sha256, path, deleted_at: deletedAt } of page) {
      const known = expected.find(path);
      const file = known ?? expected.expect(path, null);
      // Named by no record: it may be gone once each stream that has it says so.
      if (file.day === null) file.deleted = deletedAt !== null && (known === undefined || file.deleted);
      // What was deleted before there was a raw log has no record there.
      if (deletedAt === null || deletedAt.toISOString().slice(0, recordsSince.length) < recordsSince)
        continue;
      if (expected.hasDeletion(stream, sha256)) continue;
      const { day, position } = file;
      findings.add({
        day,
        position,
        path,
        problem: 'the ledger says deleted, and the raw log has no record of it',
      });
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.file_id;
  }
}

/** The parts of the curated store. One that another took over goes some time later, and its row with it. */
async function expectParts(db: Db, expected: ExpectedFiles): Promise<void> {
  const live = new Set<string>();
  let after = '';
  for (;;) {
    const page = await db
      .selectFrom('market.part')
      .select(['part_id', 'path'])
      .where('part_id', '>', after)
      .where('retired_at', 'is', null)
      .orderBy('part_id')
      .limit(ROWS_PER_PAGE)
      .execute();
    for (const { path } of page) {
      live.add(path);
      expected.expect(path, null).deleted = false;
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.part_id;
  }
  const rows = await db
    .selectFrom('market.part')
    .select('path')
    .where('retired_at', 'is not', null)
    .execute();
  for (const { path } of rows) expected.expect(path, null);
  for (const [path, file] of expected.below('curated/')) file.deleted = !live.has(path);
}

/** Bars that are registered and served to nobody: no part was made from their file. */
async function findUncurated(db: Db, findings: Findings): Promise<void> {
  const rows = await db
    .selectFrom('ledger.file as file')
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('market.part')
          .select((part) => ['stream', part.fn<string>('unnest', ['raw_sha256']).as('sha256')])
          .where('retired_at', 'is', null)
          .distinct()
          .as('held'),
      (join) => join.onRef('held.stream', '=', 'file.stream').onRef('held.sha256', '=', 'file.sha256'),
    )
    .select(['file.stream', 'file.path'])
    .where('file.status', '<>', 'quarantined')
    .where('held.sha256', 'is', null)
    .orderBy('file.registered_at')
    .limit(ROWS_PER_PAGE)
    .execute();
  for (const { stream, path } of rows) {
    const problem = `the curated store has no part that was made from this file of ${stream}`;
    findings.add({ day: null, position: null, path, problem });
  }
}
