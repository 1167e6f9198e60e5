import { EMPTY_ROOT, nodeHash, type Hash } from './hash.ts';

/** The leaves from `begin` up to, not including, `end`. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** A full subtree: the 2^level leaves that end with leaf `last`. */
export interface PerfectSubtree {
  readonly level: number;
  readonly last: number;
}

/** Gives the hash of a perfect subtree, as it was when its last leaf was appended. */
export type SubtreeHash = (subtree: PerfectSubtree) => Hash;

/**
 * The fewest perfect subtrees that make up a range, left to right, for a range that RFC 6962 hashes:
 * one whose begin is a multiple of the power of two at or above its length.
 */
export function perfectSubtrees({ begin, end }: LeafRange): PerfectSubtree[] {
  const parts: PerfectSubtree[] = [];
  for (let start = begin; start < end;) {
    const level = levelOf(end - start);
    start += 2 ** level;
    parts.push({ level, last: start - 1 });
  }
  return parts;
}

/** RFC 6962 section 2.1: MTH of the range's leaves, from the perfect subtrees that make it up. */
export function rangeRoot(range: LeafRange, hashOf: SubtreeHash): Hash {
  return foldRoots(perfectSubtrees(range).map(hashOf));
}

/** The root over perfect subtrees that lie left to right, each smaller than the one before it. */
export function foldRoots(roots: readonly Hash[]): Hash {
  return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right));
}

/** The level of the largest perfect subtree that fits: floor of log2, exact for every safe integer. */
function levelOf(leaves: number): number {
  let level = 0;
  for (let width = 2; width <= leaves; width *= 2) level++;
  return level;
}

/** The largest power of two below a size of two or more: where RFC 6962 splits a tree. */
export function splitPoint(size: number): number {
  return 2 ** levelOf(size - 1);
}
