import type { Finding, NoteKey } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import type { auditorApi, Output } from '@aistock/shared';
import type { CheckpointFile } from './checkpoint-file.ts';
import { countWaiting } from './entry-store.ts';
import { RecordBroken } from './record-broken.ts';
import type { Sequencer } from './sequencer.ts';
import { shareNextRun } from './turns.ts';
import { verifyRecord } from './verify-record.ts';

type Verification = Output<typeof auditorApi.verify>;

export interface AuditorParts {
  readonly db: Db;
  readonly file: Pick<CheckpointFile, 'read'>;
  readonly verifier: NoteKey;
  readonly sequencer: Pick<Sequencer, 'drain'>;
}

export interface Auditor {
  /** Appends and signs what waits. Rejects with RecordBroken where the record is not the one that was signed. */
  readonly drain: () => Promise<void>;
  /** Drains, then verifies the whole record. */
  readonly verify: () => Promise<Verification>;
  /** What is known to be wrong with the record. */
  readonly finding: () => Finding | undefined;
}

/** One drain at a time and one verification at a time; the record grows on while it is verified, however long that takes. */
export function createAuditor({ db, file, verifier, sequencer }: AuditorParts): Auditor {
  let atDrain: Finding | undefined;
  let atVerification: Finding | undefined;

  const drain = shareNextRun(async (): Promise<void> => {
    try {
      await sequencer.drain();
      atDrain = undefined;
    } catch (error) {
      if (error instanceof RecordBroken) atDrain = error.finding;
      throw error;
    }
  });
  const verify = shareNextRun(async (): Promise<Verification> => {
    const broken = await drain().then(() => undefined, brokenAt);
    const { size, root, finding } = await verifyRecord(db, file, verifier);
    atVerification = finding ?? broken;
    const waiting = await countWaiting(db);
    return {
      verified: atVerification === undefined,
      events: size,
      root,
      waiting,
      first_bad: atVerification ?? null,
    };
  });
  return { drain, verify, finding: () => atVerification ?? atDrain };
}

function brokenAt(error: unknown): Finding {
  if (error instanceof RecordBroken) return error.finding;
  throw error;
}
