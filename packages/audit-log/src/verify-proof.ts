import { isHash, nodeHash, type Hash } from './hash.ts';

export interface InclusionClaim {
  /** 0-based. */
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
  /** Leaf side first. */
  readonly path: readonly Hash[];
}

export interface ConsistencyClaim {
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  readonly rootBefore: Hash;
  readonly rootAfter: Hash;
  readonly path: readonly Hash[];
}

/** RFC 9162 section 2.1.3.2. Anything malformed (sizes, hashes, too short or too long a path) is simply not proved. */
export function verifyInclusion({ index, size, leaf, root, path }: InclusionClaim): boolean {
  if (!areSizes(index, size) || index >= size || ![leaf, root, ...path].every(isHash)) return false;
  let node = index;
  let lastNode = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (lastNode === 0) return false;
    if (isOdd(node) || node === lastNode) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) [node, lastNode] = [half(node), half(lastNode)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, lastNode] = [half(node), half(lastNode)];
  }
  return lastNode === 0 && hash === root;
}

/**
 * RFC 9162 section 2.1.4.2. Anything malformed is simply not proved; so is a step from the empty tree,
 * with which every tree is consistent and of which nothing can be shown.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { sizeBefore, sizeAfter, rootBefore, rootAfter, path } = claim;
  if (!areSizes(sizeBefore, sizeAfter) || sizeBefore < 1 || sizeBefore > sizeAfter) return false;
  if (![rootBefore, rootAfter, ...path].every(isHash)) return false;
  if (sizeBefore === sizeAfter) return path.length === 0 && rootBefore === rootAfter;
  const [first, ...rest] = isPowerOfTwo(sizeBefore) ? [rootBefore, ...path] : path;
  if (first === undefined) return false;
  let node = sizeBefore - 1;
  let lastNode = sizeAfter - 1;
  while (isOdd(node)) [node, lastNode] = [half(node), half(lastNode)];
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (lastNode === 0) return false;
    if (isOdd(node) || node === lastNode) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      while (!isOdd(node) && node !== 0) [node, lastNode] = [half(node), half(lastNode)];
    } else {
      after = nodeHash(after, sibling);
    }
    [node, lastNode] = [half(node), half(lastNode)];
  }
  return lastNode === 0 && before === rootBefore && after === rootAfter;
}

/** Sizes go up to 2^53 - 1, where bit operators of JavaScript end at 2^31. */
function areSizes(...values: number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size)) && 2 ** Math.log2(size) === size;
}
