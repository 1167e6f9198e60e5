import { isTemporary } from './files/folder-lake.ts';
import type { LakeFiles } from './files/lake-files.ts';
import { hashOfPath } from './lake-path.ts';

/** Folders whose files must be known to the ledger; quarantined bytes are kept for people whatever the ledger says. */
const CATALOGUED = ['raw', 'curated'];
const KEPT = ['quarantine'];

export interface SweepOptions {
  /** Hashes of every file that the ledger knows, read before the sweep starts. */
  readonly known: ReadonlySet<string>;
  readonly nowMs: number;
  /** A younger file may belong to a writer at work and is left alone. */
  readonly graceMs: number;
}

/** Removes what interrupted runs left: temporary files and files that no ledger row names. Tells their paths. */
export async function sweepOrphans(files: LakeFiles, options: SweepOptions): Promise<string[]> {
  const removed: string[] = [];
  const sweep = async (folder: string, isOrphan: (path: string) => boolean): Promise<void> => {
    for await (const { path, modifiedMs } of files.list(folder)) {
      if (modifiedMs >= options.nowMs - options.graceMs || !isOrphan(path)) continue;
      await files.remove(path);
      removed.push(path);
    }
  };
  for (const folder of CATALOGUED)
    await sweep(folder, (path) => isTemporary(path) || isUnknown(path, options.known));
  for (const folder of KEPT) await sweep(folder, isTemporary);
  return removed;
}

/** A file that the lake did not name is not the lake's to remove. */
function isUnknown(path: string, known: ReadonlySet<string>): boolean {
  const sha256 = hashOfPath(path);
  return sha256 !== undefined && !known.has(sha256);
}
