import { createHash, type Hash } from 'node:crypto';

/** The hash of a decision log as it is written: its lines, each with an end of line. The lines are not kept. */
export class DecisionLog {
  readonly #hash: Hash = createHash('sha256');

  write(line: string): void {
    this.#hash.update(line).update('\n');
  }

  /** Ends the log. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}
