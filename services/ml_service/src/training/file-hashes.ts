import type { Db } from '@aistock/database';
import { listFilesBetween, type LedgerFileRow } from '@aistock/ledger';
import type { NewModel } from './new-model.ts';
import type { RunClaim } from './runs/run-claims.ts';
import { TrainingProblem } from './training-problem.ts';

const FILES_MAX = 10_000;

/**
 * SHA-256 of each file that bars of a training came from, ascending: of those that it claimed, or of all that lie in its
 * window.
 * @throws TrainingProblem `too_many_files` for more than can be named.
 */
export async function fileHashes(
  db: Db,
  { stream, exactlyOnce }: RunClaim,
  claimed: readonly LedgerFileRow[],
  { readFromMs, readToMs }: NewModel,
): Promise<string[]> {
  const range = { fromMs: readFromMs, toMs: readToMs, limit: FILES_MAX + 1 };
  const files = exactlyOnce ? claimed : await listFilesBetween(db, stream, range);
  if (files.length > FILES_MAX)
    throw new TrainingProblem('too_many_files', `the window lies in more than ${FILES_MAX} files`);
  return [...new Set(files.map(({ sha256 }) => sha256))].toSorted();
}
