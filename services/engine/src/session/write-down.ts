import { appendJournal, writeSnapshot } from './journal.ts';
import { sessionState } from './session-state.ts';
import type { SessionRun } from './session-run.ts';

/** Closes of a replay that are written together while nothing leaves. */
const UNWRITTEN_MAX = 256;
/** Closes between two snapshots: as many are decided again, at most, when a session is taken up. */
const SNAPSHOT_EVERY_CLOSES = 512;

/** Writes down what is decided and not written yet, before anything of it leaves; call it before the next thing is told. */
export async function writeDown(run: SessionRun, { atOnce }: { readonly atOnce: boolean }): Promise<void> {
  const { deps, claim, state, unwritten } = run;
  const isSnapshotDue = state.seq - run.snapshotSeq >= SNAPSHOT_EVERY_CLOSES;
  if (!atOnce && !isSnapshotDue && unwritten.length < UNWRITTEN_MAX) return;
  const snapshot = isSnapshotDue ? { seq: state.seq, state: state.snapshot() } : undefined;
  deps.fault('before_journal');
  const startMs = performance.now();
  await appendJournal(deps.db, claim, unwritten, sessionState(run));
  unwritten.length = 0;
  deps.metrics.journalled((performance.now() - startMs) / 1_000);
  deps.fault('after_journal');
  if (!snapshot) return;
  await writeSnapshot(deps.db, claim, snapshot);
  run.snapshotSeq = snapshot.seq;
}
