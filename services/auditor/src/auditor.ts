import type { Finding, NoteKey } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import type { auditorApi, Output } from '@aistock/shared';
import type { CheckpointFile } from './checkpoint-file.ts';
import { countWaiting } from './entry-store.ts';
import { RecordBroken } from './record-broken.ts';
import type { Sequencer } from './sequencer.ts';
import { oneAtATime, shareNextRun } from './turns.ts';
import { verifyRecord } from './verify-record.ts';

type Verification = Output<typeof auditorApi.verify>;

export interface AuditorParts {
  readonly db: Db;
  readonly file: CheckpointFile;
  readonly verifier: NoteKey;
  readonly sequencer: Sequencer;
}

export interface Auditor {
  /** Appends and signs what waits. Rejects with RecordBroken where the record is not the one that was signed. */
  readonly drain: () => Promise<void>;
  /** Drains, then verifies the whole record. */
  readonly verify: () => Promise<Verification>;
  /** What is known to be wrong with the record. */
  readonly finding: () => Finding | undefined;
}

/** Drains and verifications take turns: a verification never meets half a drain. */
export function createAuditor({ db, file, verifier, sequencer }: AuditorParts): Auditor {
  const exclusive = oneAtATime();
  let known: Finding | undefined;

  const drain = async (): Promise<void> => {
    try {
      await sequencer.drain();
    } catch (error) {
      if (error instanceof RecordBroken) known = error.finding;
      throw error;
    }
  };
  const verify = async (): Promise<Verification> => {
    const atDrain = await drain().then(() => undefined, brokenAt);
    const { size, root, finding } = await verifyRecord(db, file, verifier);
    known = finding ?? atDrain;
    const waiting = await countWaiting(db);
    return { verified: known === undefined, events: size, root, waiting, first_bad: known ?? null };
  };
  return {
    drain: shareNextRun(() => exclusive(drain)),
    verify: shareNextRun(() => exclusive(verify)),
    finding: () => known,
  };
}

function brokenAt(error: unknown): Finding {
  if (error instanceof RecordBroken) return error.finding;
  throw error;
}
