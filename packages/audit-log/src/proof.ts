import type { Hash } from './hash.ts';
import { perfectSubtrees, rangeRoot, splitPoint } from './subtree.ts';
import type { LeafRange, PerfectSubtree, SubtreeHash } from './subtree.ts';

/**
 * The ranges whose roots are the inclusion proof of a leaf, leaf side first: PATH of RFC 6962 section 2.1.1.
 * @param index 0-based, below `size`.
 * @throws RangeError for an index or size that no tree has.
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isSize(size) || !isSize(index) || index >= size)
    throw new RangeError(`no inclusion proof of leaf ${index} in a tree of ${size}`);
  const path: LeafRange[] = [];
  for (let begin = 0, end = size; end - begin > 1;) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      path.push({ begin: middle, end });
      end = middle;
    } else {
      path.push({ begin, end: middle });
      begin = middle;
    }
  }
  return path.toReversed();
}

/**
 * The ranges whose roots prove that a tree of `sizeBefore` leaves is the beginning of a tree of `sizeAfter`:
 * PROOF of RFC 6962 section 2.1.2.
 * @throws RangeError unless 1 <= sizeBefore <= sizeAfter: nothing can be proved about the empty tree.
 */
export function consistencyRanges(sizeBefore: number, sizeAfter: number): LeafRange[] {
  if (!isSize(sizeBefore) || !isSize(sizeAfter) || sizeBefore < 1 || sizeBefore > sizeAfter)
    throw new RangeError(`no consistency proof from size ${sizeBefore} to ${sizeAfter}`);
  const path: LeafRange[] = [];
  let begin = 0;
  let end = sizeAfter;
  while (end !== sizeBefore) {
    const middle = begin + splitPoint(end - begin);
    if (sizeBefore <= middle) {
      path.push({ begin: middle, end });
      end = middle;
    } else {
      path.push({ begin, end: middle });
      begin = middle;
    }
  }
  if (begin > 0) path.push({ begin, end });
  return path.toReversed();
}

/** Every perfect subtree that the proof is made of: what has to be read before {@link proofPath}. */
export function neededSubtrees(ranges: readonly LeafRange[]): PerfectSubtree[] {
  return ranges.flatMap(perfectSubtrees);
}

/** The proof itself: the root of each range in turn. */
export function proofPath(ranges: readonly LeafRange[], hashOf: SubtreeHash): Hash[] {
  return ranges.map((range) => rangeRoot(range, hashOf));
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
