import { isTemporary } from './files/folder-lake.ts';
import type { LakeFiles } from './files/lake-files.ts';
import { hashOfPath, isEarlierPart } from './lake-path.ts';

/** What is here is kept for people and verifiers, whatever the ledger says. */
const KEPT = ['quarantine', 'raw-log'];
const HASHES_PER_QUESTION = 1_000;

/** Which of at most 1,000 hashes are named. */
type FindNamed = (hashes: readonly string[]) => Promise<ReadonlySet<string>>;

export interface SweepOptions {
  /** By folder: raw files that the ledger names, parts that the catalogue of the curated store lists, answers that the raw log names. */
  readonly named: Readonly<Record<'raw' | 'curated' | 'responses', FindNamed>>;
  readonly nowMs: number;
  /** A younger file may belong to a writer at work and is left alone. */
  readonly graceMs: number;
}

/** Removes what interrupted runs left: temporary files, and files that neither ledger nor raw log names. Tells their paths. */
export async function sweepOrphans(files: LakeFiles, options: SweepOptions): Promise<string[]> {
  const removed: string[] = [];
  const remove = async (path: string): Promise<void> => {
    await files.remove(path);
    removed.push(path);
  };
  for (const [folder, findNamed] of Object.entries(options.named)) {
    let asked = new Map<string, string>();
    const removeUnnamed = async (): Promise<void> => {
      const named = await findNamed([...asked.values()]);
      for (const [path, sha256] of asked) if (!named.has(sha256)) await remove(path);
      asked = new Map();
    };
    for await (const path of oldFiles(files, folder, options)) {
      // A file that the lake did not name is not the lake's to remove; one of the earlier layout goes once it is adopted.
      const sha256 = isEarlierPart(path) ? undefined : hashOfPath(path);
      if (isTemporary(path)) await remove(path);
      else if (sha256 !== undefined) asked.set(path, sha256);
      if (asked.size >= HASHES_PER_QUESTION) await removeUnnamed();
    }
    if (asked.size > 0) await removeUnnamed();
  }
  for (const folder of KEPT)
    for await (const path of oldFiles(files, folder, options)) if (isTemporary(path)) await remove(path);
  return removed;
}

async function* oldFiles(
  files: LakeFiles,
  folder: string,
  { nowMs, graceMs }: SweepOptions,
): AsyncGenerator<string> {
  for await (const { path, modifiedMs } of files.list(folder)) if (modifiedMs < nowMs - graceMs) yield path;
}
