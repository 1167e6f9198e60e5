import type { AuditEntry } from '@aistock/shared';
import type { TreeHead } from './checkpoint.ts';
import { entryProblem, FIRST_PREVIOUS } from './entry.ts';
import { append, EMPTY_FRONTIER, rootOf, type Frontier } from './frontier.ts';
import { EMPTY_ROOT, type Hash } from './hash.ts';

/** The first entry that is wrong, and how. */
export interface Finding {
  readonly index: number;
  readonly problem: string;
}

export type EntryVerdict =
  | { readonly kind: 'good'; /** As {@link append} gives them. */ readonly completed: readonly Hash[] }
  | { readonly kind: 'bad'; readonly finding: Finding };

/**
 * Re-derives a log from its entries, fed in order, and holds it against signed tree heads. An edit, a cut in the
 * middle, an insertion or a swap shows at its entry; a cut at the end or a rewrite with hashes made anew shows at
 * the next tree head, and then the first entry after the last tree head that held is named.
 */
export class LogVerifier {
  readonly #heads: ReadonlyMap<number, readonly TreeHead[]>;
  readonly #sizeSigned: number;
  #frontier: Frontier = EMPTY_FRONTIER;
  #previous = FIRST_PREVIOUS;
  /** The largest tree head that held so far. */
  #sizeProved = 0;

  /** @param heads whose signatures have been checked; where several have one size, each has to hold. */
  constructor(heads: readonly TreeHead[]) {
    this.#heads = Map.groupBy(heads, (head) => head.size);
    this.#sizeSigned = heads.reduce((largest, head) => Math.max(largest, head.size), 0);
  }

  /** Entries taken so far. */
  get size(): number {
    return this.#frontier.size;
  }

  /** The root over the entries taken so far. */
  get root(): Hash {
    return rootOf(this.#frontier);
  }

  /** Takes the next entry. After a bad one there is nothing more to learn: stop. */
  add(entry: AuditEntry): EntryVerdict {
    const index = this.size;
    const problem = entryProblem(entry, index, this.#previous);
    if (problem !== undefined) return { kind: 'bad', finding: { index, problem } };
    const { frontier, completed } = append(this.#frontier, entry.leaf_sha256);
    this.#frontier = frontier;
    this.#previous = entry.leaf_sha256;
    const finding = this.#holdAgainstHeads();
    return finding === undefined ? { kind: 'good', completed } : { kind: 'bad', finding };
  }

  /** Call after the last entry: says where the log stops short of what was signed. */
  finish(): Finding | undefined {
    if (this.#heads.get(0)?.some((head) => head.root !== EMPTY_ROOT))
      return { index: 0, problem: 'the checkpoint of the empty log has another root than the empty tree' };
    if (this.size >= this.#sizeSigned) return undefined;
    return {
      index: this.size,
      problem: `entry ${this.size} is missing: a checkpoint was signed over ${this.#sizeSigned} entries`,
    };
  }

  #holdAgainstHeads(): Finding | undefined {
    const heads = this.#heads.get(this.size);
    if (heads === undefined) return undefined;
    if (heads.some((head) => head.root !== this.root)) {
      const problem = `entries ${this.#sizeProved} to ${this.size - 1} are not those over which the checkpoint of size ${this.size} was signed`;
      return { index: this.#sizeProved, problem };
    }
    this.#sizeProved = this.size;
    return undefined;
  }
}
