import { nodeHash, type Hash } from './hash.ts';
import { foldRoots, perfectSubtrees, type SubtreeHash } from './subtree.ts';

/** The right edge of a tree: all that is needed to append to it. At most 53 hashes. */
export interface Frontier {
  /** Leaves so far. */
  readonly size: number;
  /** Hashes of the perfect subtrees that make up the tree, left to right. */
  readonly roots: readonly Hash[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, roots: [] };

/** The frontier of a tree of this size, from its stored perfect subtrees. */
export function frontierAt(size: number, hashOf: SubtreeHash): Frontier {
  return { size, roots: perfectSubtrees({ begin: 0, end: size }).map(hashOf) };
}

/**
 * Appends a leaf. `completed` holds the hashes of the perfect subtrees that the leaf completes,
 * from the leaf itself up: element k covers the 2^k leaves that end here.
 */
export function append(frontier: Frontier, leaf: Hash): { frontier: Frontier; completed: readonly Hash[] } {
  const roots = [...frontier.roots];
  const completed = [leaf];
  let top = leaf;
  for (let width = frontier.size; width % 2 === 1; width = (width - 1) / 2) {
    const left = roots.pop();
    if (left === undefined) throw new RangeError('the frontier does not belong to a tree of its size');
    top = nodeHash(left, top);
    completed.push(top);
  }
  return { frontier: { size: frontier.size + 1, roots: [...roots, top] }, completed };
}

/** The root of the whole tree (RFC 6962 section 2.1). */
export function rootOf(frontier: Frontier): Hash {
  return foldRoots(frontier.roots);
}
