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
  /** Applies the records that came after the last one that `log` listed. */
  readonly applyLateRecords: (expected: ExpectedFiles) => Promise<void>;
  /** Adds what ledger and curated store name; to be called once the raw log has been read. */
  readonly expectFiles: (expected: ExpectedFiles, findings: Findings) => Promise<void>;
}

export async function openCatalogue(db: Db): Promise<Catalogue> {
  let listed: RawLogPlace | undefined;
  const list = async (after: RawLogPlace | undefined): Promise<RawLogRow[]> => {
    const rows = await listRawLog(db, after, ROWS_PER_PAGE);
    listed = rows.at(-1) ?? listed;
    return rows;
  };
  return {
    log: {
      list,
      exported: await findRawLogExport(db),
      recordsPerFile: RECORDS_PER_FILE,
    },
    applyLateRecords: async (expected) => {
      for (let rows = await list(listed); rows.length > 0; rows = await list(listed))
        for (const row of rows) {
          const sealed = fromLine(toLine(row));
          if (typeof sealed !== 'string') expected.apply(sealed.record);
        }
    },
    expectFiles: (expected, findings) => expectLedgerFiles(db, expected, findings),
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
