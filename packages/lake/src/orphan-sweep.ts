import { isTemporary } from './files/folder-lake.ts';
import type { LakeFiles } from './files/lake-files.ts';
import { hashOfPath } from './lake-path.ts';

/** What is here is kept for people and verifiers, whatever the ledger says. */
const KEPT = ['quarantine', 'raw-log'];

/** What a sweep must leave alone. */
export interface SweepOptions {
  /** Hashes of every raw file that the ledger knows, read before the sweep starts. */
  readonly known: ReadonlySet<string>;
  /** Ids of every part that the catalogue of the curated store lists, read before too. */
  readonly parts: ReadonlySet<string>;
  /** Hashes of every answer that the raw log names, read before too. */
  readonly responses: ReadonlySet<string>;
  readonly nowMs: number;
  /** A younger file may belong to a writer at work and is left alone. */
  readonly graceMs: number;
}

/** Removes what interrupted runs left: temporary files, and files that neither ledger nor raw log names. Tells their paths. */
export async function sweepOrphans(files: LakeFiles, options: SweepOptions): Promise<string[]> {
  const removed: string[] = [];
  const sweep = async (folder: string, isOrphan: (path: string) => boolean): Promise<void> => {
    for await (const { path, modifiedMs } of files.list(folder)) {
      if (modifiedMs >= options.nowMs - options.graceMs || !isOrphan(path)) continue;
      await files.remove(path);
      removed.push(path);
    }
  };
  const catalogued = { raw: options.known, curated: options.parts, responses: options.responses };
  for (const [folder, known] of Object.entries(catalogued))
    await sweep(folder, (path) => isTemporary(path) || isUnknown(path, known));
  for (const folder of KEPT) await sweep(folder, isTemporary);
  return removed;
}

/** A file that the lake did not name is not the lake's to remove. */
function isUnknown(path: string, known: ReadonlySet<string>): boolean {
  const sha256 = hashOfPath(path);
  return sha256 !== undefined && !known.has(sha256);
}
