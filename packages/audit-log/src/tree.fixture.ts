import { append, EMPTY_FRONTIER } from './frontier.ts';
import { leafHash, type Hash } from './hash.ts';
import type { SubtreeHash } from './subtree.ts';

/** Appends the leaves one by one and keeps what each completes, as a store does. */
export function growTree(leaves: readonly (string | Uint8Array)[]): SubtreeHash {
  const completedBy: (readonly Hash[])[] = [];
  let frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) {
    const step = append(frontier, leafHash(leaf));
    frontier = step.frontier;
    completedBy.push(step.completed);
  }
  return ({ level, last }) => {
    const hash = completedBy[last]?.[level];
    if (hash === undefined) throw new RangeError(`leaf ${last} completes no subtree of level ${level}`);
    return hash;
  };
}
