import { join } from 'node:path';
import { nodeFiles, type LakeFiles, type ListedFile } from './lake-files.ts';
import { checkedLakeFolder, hashOfPath } from './lake-path.ts';
import { isTemporary } from './store-durably.ts';

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
export async function sweepOrphans(
  lakeFolder: string,
  options: SweepOptions,
  files: LakeFiles = nodeFiles,
): Promise<string[]> {
  const folder = checkedLakeFolder(lakeFolder);
  const catalogued = await listAll(files, folder, CATALOGUED);
  const kept = await listAll(files, folder, KEPT);
  const orphans = [
    ...catalogued.filter((file) => isTemporary(file.path) || isUnknown(file.path, options.known)),
    ...kept.filter((file) => isTemporary(file.path)),
  ].filter((file) => file.modifiedMs < options.nowMs - options.graceMs);
  for (const { path } of orphans) await files.remove(path);
  return orphans.map(({ path }) => path);
}

/** A file that the lake did not name is not the lake's to remove. */
function isUnknown(path: string, known: ReadonlySet<string>): boolean {
  const sha256 = hashOfPath(path);
  return sha256 !== undefined && !known.has(sha256);
}

async function listAll(files: LakeFiles, folder: string, names: readonly string[]): Promise<ListedFile[]> {
  const lists = await Promise.all(names.map((name) => files.list(join(folder, name))));
  return lists.flat();
}
