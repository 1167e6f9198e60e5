import type { Db } from '@aistock/database';
import {
  claimFiles,
  failClaims,
  hasOpenFilesBefore,
  listFiles,
  releaseClaims,
  type LedgerFileRow,
} from '@aistock/ledger';
import type { Logger } from '@aistock/service-kit';
import { filesOnOneSide, filesWithin } from './files-within.ts';
import { fileClaimer, type RunClaim } from './runs/run-claims.ts';

const CLAIM_FILES_MAX = 10_000;
const DEAD_REASON = 'the process that trained on it ended';

/**
 * The files that a run trains on. Statistics that are carried forward take bars in order of time: while somebody else
 * holds earlier files, later ones wait.
 */
export async function claimRunFiles(db: Db, claim: RunClaim, logger: Logger): Promise<LedgerFileRow[]> {
  const { runId, epoch, stream, exactlyOnce, terms } = claim;
  await freeFilesOfDead(db, claim);
  const claimer = fileClaimer(runId, epoch);
  const claimed = await claimFiles(db, { claimer, stream, limit: CLAIM_FILES_MAX });
  if (!exactlyOnce) return claimed;
  const firstOpenAt = claimed[0]?.first_open_at;
  if (firstOpenAt && (await hasOpenFilesBefore(db, stream, firstOpenAt))) {
    logger.warn('files wait for earlier ones that another run holds', { stream });
    await releaseClaims(db, claimed);
    return [];
  }
  const side = filesOnOneSide(claimed, await findLineEnd(db, stream));
  const { taken, left } = filesWithin(side.taken, terms.window_bars_max);
  const waiting = [...left, ...side.left];
  if (waiting.length > 0) await releaseClaims(db, waiting);
  return taken;
}

/** Open time of the last bar that was trained on. */
async function findLineEnd(db: Db, stream: string): Promise<Date | null> {
  const { end } = await db
    .selectFrom('ledger.file')
    .select(({ fn }) => fn.max('last_open_at').as('end'))
    .where('stream', '=', stream)
    .where('revision', '=', 0)
    .where('status', '=', 'processed')
    .executeTakeFirstOrThrow();
  return end;
}

/**
 * Takes over what earlier claims of this run still hold: whoever made them has lost the run, and can finish nothing. The
 * attempt counts, for it may be a file that ended the process.
 */
async function freeFilesOfDead(db: Db, { runId, epoch, stream }: RunClaim): Promise<void> {
  const earlier = new Set(Array.from({ length: epoch - 1 }, (_, index) => fileClaimer(runId, index + 1)));
  if (earlier.size === 0) return;
  const held = await listFiles(db, { stream, status: 'processing' });
  const dead = held.filter(({ claimed_by: claimer }) => claimer !== null && earlier.has(claimer));
  if (dead.length > 0) await failClaims(db, dead, DEAD_REASON);
}
