import { formatVerifierKey, openCheckpoint, signCheckpoint } from '@aistock/audit-log';
import type { NoteKey, TreeHead } from '@aistock/audit-log';
import type { Db, Trx } from '@aistock/database';
import type { Clock } from '@aistock/service-kit';
import { sql } from 'kysely';
import { appendBatch, BATCH_ROWS_MAX } from './append-batch.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { RecordBroken } from './record-broken.ts';
import { readRoot, readSize } from './tree-store.ts';

/** 'audi' in ASCII: one sequencer at a time in a database. */
const SEQUENCER_LOCK = 0x61756469;
/** Batches of one drain; the next drain goes on where this one stopped. */
const DRAIN_BATCHES_MAX = 500;

export interface SequencerParts {
  readonly db: Db;
  readonly file: CheckpointFile;
  readonly signer: NoteKey;
  readonly clock: Clock;
}

interface Signed {
  readonly head: TreeHead;
  readonly note: string;
}

/**
 * Gives events their place in the record. Entries are committed first and signed afterwards, so that nothing is
 * ever signed that is not stored; what a crash left unsigned is signed by the next drain.
 */
export class Sequencer {
  readonly #parts: SequencerParts;
  /** The newest checkpoint of the file: what the database has to agree with. */
  #newest: Signed | undefined;
  /** Whether the database has the newest checkpoint too. */
  #newestStored = false;

  private constructor(parts: SequencerParts, newest: Signed | undefined) {
    this.#parts = parts;
    this.#newest = newest;
  }

  /** @throws NoteError where another key than the signer's signed the checkpoints of the file. */
  static async open(parts: SequencerParts): Promise<Sequencer> {
    const note = (await parts.file.read()).notes.at(-1);
    const newest = note === undefined ? undefined : { note, head: openCheckpoint(note, parts.signer) };
    return new Sequencer(parts, newest);
  }

  /**
   * Appends what waits and signs it. Not to be called while another call runs.
   * @throws RecordBroken, appending nothing, where the database does not hold what was signed.
   */
  async drain(): Promise<void> {
    if (!this.#newestStored) await this.#sign();
    for (let batch = 0; batch < DRAIN_BATCHES_MAX; batch++) {
      const moved = await this.#locked(appendBatch);
      if (moved > 0) await this.#sign();
      if (moved < BATCH_ROWS_MAX) return;
    }
  }

  /** Signs the record as it stands: first into the file, then into the database. */
  async #sign(): Promise<void> {
    const { file, signer, clock } = this.#parts;
    this.#newestStored = false;
    await this.#locked(async (trx, size) => {
      let newest = this.#newest;
      if (newest === undefined || newest.head.size < size) {
        const head = { origin: signer.name, size, root: await readRoot(trx, size) };
        newest = { head, note: signCheckpoint(head, signer) };
        await file.append(newest.note);
        this.#newest = newest;
      }
      const { head, note } = newest;
      const signed_at = new Date(clock.nowMs());
      await trx
        .insertInto('audit.checkpoint')
        .values({
          tree_size: head.size,
          root: head.root,
          note,
          verifier_key: formatVerifierKey(signer),
          signed_at,
        })
        .onConflict((conflict) => conflict.column('tree_size').doNothing())
        .execute();
    });
    this.#newestStored = true;
  }

  /** Runs a step in a transaction in which no other sequencer works and the record is the one that was signed. */
  #locked<T>(step: (trx: Trx, size: number) => Promise<T>): Promise<T> {
    return this.#parts.db.transaction().execute(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${SEQUENCER_LOCK})`.execute(trx);
      const size = await readSize(trx);
      await this.#holdAgainstSigned(trx, size);
      return step(trx, size);
    });
  }

  async #holdAgainstSigned(trx: Trx, size: number): Promise<void> {
    const signed = this.#newest?.head;
    if (signed === undefined && size > 0)
      throw new RecordBroken({
        index: 0,
        problem: 'the database holds a record that the audit directory knows nothing of',
      });
    if (signed === undefined) return;
    if (size < signed.size)
      throw new RecordBroken({
        index: size,
        problem: `entry ${size} is missing: a checkpoint was signed over ${signed.size} entries`,
      });
    if ((await readRoot(trx, signed.size)) !== signed.root)
      throw new RecordBroken({
        index: 0,
        problem: `the stored tree is not the one over which the checkpoint of size ${signed.size} was signed`,
      });
  }
}
