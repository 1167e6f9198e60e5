import type { Db } from '@aistock/database';
import { failClaims, quarantineClaim, releaseClaims, type LedgerFileRow } from '@aistock/ledger';
import type { RunProblem } from './runs/run-claims.ts';

const REASON_LENGTH_MAX = 1_000;

/**
 * What becomes of the claims of a run that did not work, those of them that still hold. `release`: the files are not to
 * blame. `fail`: the attempt counts against them. `quarantine`: one file is broken, the others are released.
 */
export type ClaimsEnd = 'release' | 'fail' | 'quarantine';

export interface GiveUp extends RunProblem {
  readonly claims: ClaimsEnd;
}

/** What an error of a run means. One of a thread comes back without its class, but with its name and its fields. */
export function decideGiveUp(error: unknown): GiveUp {
  const detail = error instanceof Error ? error.message : String(error);
  const { name, code, fileId } = (error ?? {}) as { name?: unknown; code?: unknown; fileId?: unknown };
  switch (name) {
    case 'StaleClaim':
      return { code: 'stale_claim', detail, claims: 'release' };
    case 'AliasChanged':
      return { code: 'active_model_changed', detail, claims: 'release' };
    case 'CallError':
      return { code: 'data_ingester_failed', detail, claims: 'release' };
    case 'ServiceError':
      return { code: String(code), detail, claims: 'release' };
    case 'TrainingProblem': {
      const claims = code === 'file_corrupt' ? 'quarantine' : fileId === undefined ? 'release' : 'fail';
      return { code: String(code), detail, claims };
    }
    case 'HmmError':
    case 'ModelError':
    case 'FeatureError':
      return { code: `model_${String(code)}`, detail, claims: 'fail' };
    default:
      return {
        code: 'internal_error',
        detail: 'something broke inside; the log has it under the run id',
        claims: 'fail',
      };
  }
}

/** Gives back the files of a run that did not work. */
export async function giveFilesBack(
  db: Db,
  claimed: readonly LedgerFileRow[],
  { error, giveUp }: { readonly error: unknown; readonly giveUp: GiveUp },
): Promise<void> {
  const files = [...claimed];
  const { code, detail, claims } = giveUp;
  switch (claims) {
    case 'release':
      await releaseClaims(db, files);
      break;
    case 'fail':
      await failClaims(db, files, `${code}: ${detail}`.slice(0, REASON_LENGTH_MAX));
      break;
    case 'quarantine':
      await quarantineFile(db, files, error, detail);
      break;
  }
}

async function quarantineFile(
  db: Db,
  files: readonly LedgerFileRow[],
  error: unknown,
  detail: string,
): Promise<void> {
  const { fileId } = (error ?? {}) as { fileId?: unknown };
  const broken = files.find((file) => file.file_id === fileId);
  if (broken) await quarantineClaim(db, broken, detail.slice(0, REASON_LENGTH_MAX));
  await releaseClaims(
    db,
    files.filter((file) => file !== broken),
  );
}
