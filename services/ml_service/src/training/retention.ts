import type { Trx } from '@aistock/database';
import { responsePath } from '@aistock/lake';
import {
  resumeDeletions,
  type Deletions,
  type DoomedFile,
  type Permission,
  type RecordedDeletion,
} from '@aistock/ledger';
import { emitEvent } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import { isKept } from './is-kept.ts';
import type { TrainingContext } from './training-context.ts';

/**
 * Removes the raw bytes of files that are meant to go, and of the answers that they came from, once data_ingester has
 * read from storage that the curated store holds their bars. Each deletion is on the raw log and on the audit record
 * before a byte goes. What cannot go now is tried again at the next call.
 */
export async function removeRawBytes(context: TrainingContext): Promise<Deletions> {
  const { db, lake, clock } = context;
  return resumeDeletions(db, {
    permit: (file) => permit(context, file),
    unlink: (path) => lake.remove(path),
    responsePath,
    onRecorded: tellDeletion,
    nowMs: () => clock.nowMs(),
  });
}

async function permit(
  { ingester, config }: TrainingContext,
  { file_id, stream }: DoomedFile,
): Promise<Permission | string> {
  if (!config.DELETE_AFTER_PROCESS) return 'DELETE_AFTER_PROCESS is off by now';
  if (isKept(config.RETENTION_KEEP, stream)) return 'RETENTION_KEEP names its stream';
  try {
    const { held, bars_sha256: barsSha256, rows, detail } = await ingester.heldFile({ params: { file_id } });
    if (!held || barsSha256 === null) return detail ?? 'the curated store does not hold its bars';
    return { barsSha256, reason: `processed; the curated store holds its ${rows} bars` };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return `data_ingester could not be asked: ${error.message}`;
  }
}

async function tellDeletion(trx: Trx, deletion: RecordedDeletion): Promise<void> {
  const { file_id, stream, sha256, paths, recordHash } = deletion;
  await emitEvent(trx, {
    kind: 'file.deleted',
    subject: stream,
    payload: {
      file_id,
      sha256,
      paths: paths.slice(0, PATHS_TOLD_MAX),
      paths_total: paths.length,
      raw_log_hash: recordHash,
    },
  });
}

/** An event names so many files itself; the record on the raw log names all. */
const PATHS_TOLD_MAX = 100;
