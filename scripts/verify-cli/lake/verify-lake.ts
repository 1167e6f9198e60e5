import { checkLakeFile, hashOfPath, RawLogFiles, type LakeFiles, type ListedFile } from '@aistock/lake';
import type { RawRecord } from '@aistock/ledger';
import { checkLogFiles, checkLogTable } from './check-log.ts';
import type { Catalogue } from './catalogue.ts';
import { ExpectedFiles } from './expected-files.ts';
import { Findings, type Finding } from './findings.ts';

const FOLDERS = ['raw', 'responses', 'quarantine', 'curated'] as const;
type Folder = (typeof FOLDERS)[number];
const FILES_AT_A_TIME = 8;
/** A younger file that nothing names may belong to a chunk that is about to be registered. */
const GRACE_MS = 3_600_000;

export interface LakeQuestion {
  readonly lake: LakeFiles;
  /** What the database says; undefined to do without it. */
  readonly catalogue: Catalogue | undefined;
  /** Hashes of records of the raw log that a verified audit log names: the raw log must have them. */
  readonly anchors: ReadonlySet<string>;
  /** Our clock, Unix ms UTC. */
  readonly nowMs: number;
  readonly onProgress: (checked: number, of: number) => void;
}

interface DayCounts {
  answers: number;
  files: number;
  deletions: number;
}

interface FolderCounts {
  /** Files that were read and held against their hash. */
  checked: number;
  /** Files that are gone, as a record says. */
  deleted: number;
}

export interface LakeResult {
  readonly verified: boolean;
  readonly place: string;
  /** Whether the database was asked too. */
  readonly with_database: boolean;
  readonly days: readonly ({ readonly day: string } & Readonly<DayCounts>)[];
  readonly folders: Readonly<Record<Folder, Readonly<FolderCounts>>>;
  /** Records that only the database has yet. */
  readonly not_exported: number;
  /** Records that the audit log names, and the raw log has. */
  readonly anchored: number;
  readonly findings_total: number;
  /** The first 1,000. */
  readonly findings: readonly Finding[];
}

/** Verifies the raw lake: the chain of its log, each file that log, ledger or curated store name, and that there is no other. */
export async function verifyLake(question: LakeQuestion): Promise<LakeResult> {
  const { lake, catalogue, anchors } = question;
  const findings = new Findings();
  const expected = new ExpectedFiles();
  const days = new Map<string, DayCounts>();
  const unmet = new Set(anchors);
  const onRecord = (record: RawRecord, recordHash: string): void => {
    expected.apply(record);
    unmet.delete(recordHash);
    count(days, record);
  };
  const files = new RawLogFiles(lake);
  let notExported = 0;
  if (catalogue) notExported = await checkLogTable(catalogue.log, files, findings, onRecord);
  else await checkLogFiles(files, findings, onRecord);
  for (const hash of unmet)
    findings.add({
      day: null,
      position: null,
      path: null,
      problem: `the record with the hash ${hash}, which the audit log names, is missing: the log was cut or rewritten`,
    });
  await catalogue?.expectFiles(expected, findings);
  const folders = await checkFolders(question, expected, findings);
  return {
    verified: findings.total === 0,
    place: lake.place,
    with_database: catalogue !== undefined,
    days: [...days].map(([day, counts]) => ({ day, ...counts })),
    folders,
    not_exported: notExported,
    anchored: anchors.size - unmet.size,
    findings_total: findings.total,
    findings: findings.told,
  };
}

function count(days: Map<string, DayCounts>, { day, kind }: RawRecord): void {
  const counts = days.get(day) ?? { answers: 0, files: 0, deletions: 0 };
  days.set(day, counts);
  if (kind === 'answer') counts.answers += 1;
  else if (kind === 'file') counts.files += 1;
  else counts.deletions += 1;
}

async function checkFolders(
  question: LakeQuestion,
  expected: ExpectedFiles,
  findings: Findings,
): Promise<Record<Folder, FolderCounts>> {
  const counts: Record<Folder, FolderCounts> = {
    raw: { checked: 0, deleted: 0 },
    responses: { checked: 0, deleted: 0 },
    quarantine: { checked: 0, deleted: 0 },
    curated: { checked: 0, deleted: 0 },
  };
  let checked = 0;
  for (const folder of FOLDERS)
    for await (const batch of batches(question.lake.list(folder))) {
      const named = batch.filter(({ path }) => expected.find(path));
      await Promise.all(named.map(({ path }) => checkFile(question.lake, path, expected, findings)));
      for (const file of batch) if (!named.includes(file)) tellUnknown(file, question, findings);
      counts[folder].checked += named.length;
      checked += named.length;
      question.onProgress(checked, expected.size);
    }
  // A deletion may have been recorded, or a file put, while this ran.
  await question.catalogue?.applyLateRecords(expected);
  for (const [path, { day, position }] of expected.missing())
    if (await question.lake.exists(path)) await checkFile(question.lake, path, expected, findings);
    else
      findings.add({
        day,
        position,
        path,
        problem: 'the file is not there, and no deletion of it is recorded',
      });
  for (const folder of FOLDERS) counts[folder].deleted = expected.countGone(`${folder}/`);
  return counts;
}

async function checkFile(
  lake: LakeFiles,
  path: string,
  expected: ExpectedFiles,
  findings: Findings,
): Promise<void> {
  const file = expected.expect(path, null);
  const problem = await checkLakeFile(lake, path);
  const gone = problem !== undefined && file.deleted;
  file.seen = !gone;
  if (problem === undefined || gone) return;
  const { day, position } = file;
  findings.add({ day, position, path, problem: `the file ${problem}` });
}

/** A file that the lake did not name is not the lake's; of refused bytes and of parts only the database knows all. */
function tellUnknown(
  { path, modifiedMs }: ListedFile,
  { catalogue, nowMs }: LakeQuestion,
  findings: Findings,
): void {
  const named = hashOfPath(path) !== undefined && !path.endsWith('.json');
  const known = catalogue !== undefined || path.startsWith('raw/') || path.startsWith('responses/');
  if (!named || !known || modifiedMs >= nowMs - GRACE_MS) return;
  const problem = 'nothing names this file: it was added, or an interrupted run left it';
  findings.add({ day: null, position: null, path, problem });
}

async function* batches(files: AsyncIterable<ListedFile>): AsyncGenerator<ListedFile[]> {
  let batch: ListedFile[] = [];
  for await (const file of files) {
    batch.push(file);
    if (batch.length < FILES_AT_A_TIME) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
