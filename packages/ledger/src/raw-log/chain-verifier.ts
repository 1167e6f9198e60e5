import {
  type ChainHead,
  FIRST_PREV_HASH,
  fromLine,
  type RawRecord,
  type SealedRecord,
} from './raw-record.ts';

/** What the next line of a log is: a sound record, and what is wrong with its place; or no record at all. */
export interface CheckedLine {
  readonly record: RawRecord | undefined;
  readonly recordHash: string | undefined;
  /** As a sentence about the record; undefined where it is right. */
  readonly problem: string | undefined;
}

/**
 * Checks the lines of a raw log, oldest first. It goes on behind a bad one as if that were right, so that one change is
 * told once, and where it is.
 */
export class ChainVerifier {
  #head: ChainHead | undefined;
  /** Behind a line that is no record, nobody knows what the next one must follow on. */
  #lost = false;

  /** The last sound record. */
  get head(): ChainHead | undefined {
    return this.#head;
  }

  add(line: string): CheckedLine {
    const sealed = fromLine(line);
    if (typeof sealed === 'string') {
      this.#lost = true;
      return { record: undefined, recordHash: undefined, problem: `the record ${sealed}` };
    }
    const { record, recordHash } = sealed;
    const problem = this.#lost ? undefined : this.#misplaced(sealed);
    this.#lost = false;
    this.#head = { day: record.day, position: record.position, recordHash };
    return { record, recordHash, problem };
  }

  #misplaced({ record }: SealedRecord): string | undefined {
    const head = this.#head;
    const { day, position } = record;
    if (head !== undefined && (day < head.day || (day === head.day && position <= head.position)))
      return `the record stands behind ${tell(head)}, which is a later place: it was moved or added`;
    const expected = head?.day === day ? head.position + 1 : 0;
    if (position > expected)
      return `the records from ${tell({ day, position: expected })} up to this one are missing`;
    if (record.prev_hash !== (head?.recordHash ?? FIRST_PREV_HASH))
      return head === undefined
        ? 'the record is not the first: those before it are missing'
        : `the record does not follow on ${tell(head)}: something between or before was changed, removed or added`;
    return undefined;
  }
}

function tell({ day, position }: Omit<ChainHead, 'recordHash'>): string {
  return `record ${position} of ${day}`;
}
