import type { RawLogFiles } from '@aistock/lake';
import { ChainVerifier, toLine, type RawLogPlace, type RawLogRow, type RawRecord } from '@aistock/ledger';
import type { Findings } from './findings.ts';

/** Takes each sound record, with its hash. */
export type OnRecord = (record: RawRecord, recordHash: string) => void;

/** Checks the chain in the files of the lake alone. That its end was not cut off, only something else can tell. */
export async function checkLogFiles(
  files: RawLogFiles,
  findings: Findings,
  onRecord: OnRecord,
): Promise<void> {
  const chain = new ChainVerifier();
  for (const file of await files.list()) {
    for (const [index, line] of (await files.lines(file)).entries()) {
      const { record, recordHash, problem } = chain.add(line);
      const place = { day: record?.day ?? file.day, position: record?.position ?? file.first + index };
      if (problem !== undefined) findings.add({ ...place, path: file.path, problem });
      else if (place.day !== file.day || place.position !== file.first + index)
        findings.add({ ...place, path: file.path, problem: 'the record stands in a file of other records' });
      if (record && recordHash !== undefined) onRecord(record, recordHash);
    }
  }
}

/** The raw log as the database has it. */
export interface LogTable {
  /** Records behind a place, in order, at most so many. */
  readonly list: (after: RawLogPlace | undefined) => Promise<readonly RawLogRow[]>;
  /** Up to here the files of the lake must have every record. */
  readonly exported: RawLogPlace | undefined;
  readonly recordsPerFile: number;
}

/**
 * Checks the chain in the database, and that the files of the lake hold the same records.
 * @returns how many records are not in the files yet, and need not be.
 */
export async function checkLogTable(
  table: LogTable,
  files: RawLogFiles,
  findings: Findings,
  onRecord: OnRecord,
): Promise<number> {
  const chain = new ChainVerifier();
  const left = new Map((await files.list()).map((file) => [file.path, file]));
  let notExported = 0;
  const check = (row: RawLogRow): void => {
    const { record, recordHash, problem } = chain.add(toLine(row));
    const { day, position } = row;
    if (problem !== undefined) findings.add({ day, position, path: null, problem });
    if (record && recordHash !== undefined) onRecord(record, recordHash);
  };
  for await (const rows of rowsByFile(table)) {
    for (const row of rows) check(row);
    const path = files.pathOf(rows[0]!.day, rows[0]!.position);
    const file = left.get(path);
    left.delete(path);
    const lines = file ? await files.lines(file) : [];
    // What was recorded while this ran may be in the file already.
    if (lines.length > rows.length)
      for (const row of await table.list(rows.at(-1)))
        if (row.day === rows[0]!.day && rows.length < Math.min(lines.length, table.recordsPerFile)) {
          check(row);
          rows.push(row);
        }
    notExported += compareFile(path, lines, { rows, ...table }, findings);
  }
  for (const { path, day, first } of left.values())
    findings.add({ day, position: first, path, problem: 'the database has no record of this file' });
  return notExported;
}

/** The rows of the raw log, those of one file at a time. */
async function* rowsByFile(table: LogTable): AsyncGenerator<RawLogRow[]> {
  let ofFile: RawLogRow[] = [];
  let page = await table.list(undefined);
  while (page.length > 0) {
    for (const row of page) {
      const beginsFile = row.day !== ofFile[0]?.day || row.position % table.recordsPerFile === 0;
      if (beginsFile && ofFile.length > 0) {
        yield ofFile;
        ofFile = [];
      }
      ofFile.push(row);
    }
    page = await table.list(page.at(-1));
  }
  if (ofFile.length > 0) yield ofFile;
}

/** One finding a file at most, at the first line that differs: what is behind a removed line differs too. */
function compareFile(
  path: string,
  found: readonly string[],
  { rows, exported }: Pick<LogTable, 'exported'> & { readonly rows: readonly RawLogRow[] },
  findings: Findings,
): number {
  const differs = rows.findIndex((row, index) => found[index] !== toLine(row));
  const row = rows[differs];
  const add = (day: string, position: number, problem: string): void =>
    findings.add({ day, position, path, problem });
  if (row === undefined) {
    const last = rows.at(-1);
    if (last && found.length > rows.length)
      add(
        last.day,
        last.position + 1,
        'the file has records behind the last one of the database: they were added',
      );
    return 0;
  }
  if (differs < found.length) {
    add(
      row.day,
      row.position,
      'the record is not the one of the database: one was changed, removed or added here',
    );
    return 0;
  }
  const must = rows.slice(differs).filter((each) => !isBehind(each, exported));
  const [lost] = must;
  if (lost)
    add(lost.day, lost.position, `${must.length} records that were in this file are missing from here on`);
  return rows.length - differs - must.length;
}

function isBehind(row: RawLogPlace, place: RawLogPlace | undefined): boolean {
  if (place === undefined) return true;
  return row.day > place.day || (row.day === place.day && row.position > place.position);
}
