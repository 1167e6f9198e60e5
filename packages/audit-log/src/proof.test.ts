import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frontierAt, rootOf } from './frontier.ts';
import { EMPTY_ROOT, leafHash, nodeHash, type Hash } from './hash.ts';
import { consistencyRanges, inclusionRanges, neededSubtrees, proofPath } from './proof.ts';
import { growTree } from './tree.fixture.ts';
import {
  verifyConsistency,
  verifyInclusion,
  type ConsistencyClaim,
  type InclusionClaim,
} from './verify-proof.ts';

const SIZE_MAX = 64;
const leaves = Array.from({ length: SIZE_MAX }, (_, index) => `leaf ${index}`);
const hashOf = growTree(leaves);
const rootAt = (size: number) => rootOf(frontierAt(size, hashOf));

/** MTH of RFC 6962 section 2.1, word for word: what everything else is held against. */
function plainRoot(part: readonly string[]): Hash {
  const [first] = part;
  if (first === undefined) return EMPTY_ROOT;
  if (part.length === 1) return leafHash(first);
  const k = half(part.length);
  return nodeHash(plainRoot(part.slice(0, k)), plainRoot(part.slice(k)));
}

/** PATH of RFC 6962 section 2.1.1. */
function plainPath(index: number, part: readonly string[]): Hash[] {
  if (part.length <= 1) return [];
  const k = half(part.length);
  return index < k
    ? [...plainPath(index, part.slice(0, k)), plainRoot(part.slice(k))]
    : [...plainPath(index - k, part.slice(k)), plainRoot(part.slice(0, k))];
}

/** SUBPROOF of RFC 6962 section 2.1.2. */
function plainSubproof(size: number, part: readonly string[], complete: boolean): Hash[] {
  if (size === part.length) return complete ? [] : [plainRoot(part)];
  const k = half(part.length);
  return size <= k
    ? [...plainSubproof(size, part.slice(0, k), complete), plainRoot(part.slice(k))]
    : [...plainSubproof(size - k, part.slice(k), false), plainRoot(part.slice(0, k))];
}

function half(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

function inclusion(index: number, size: number): InclusionClaim {
  const path = proofPath(inclusionRanges(index, size), hashOf);
  return { index, size, leaf: leafHash(leaves[index] ?? ''), root: rootAt(size), path };
}

function consistency(sizeBefore: number, sizeAfter: number): ConsistencyClaim {
  const path = proofPath(consistencyRanges(sizeBefore, sizeAfter), hashOf);
  return { sizeBefore, sizeAfter, rootBefore: rootAt(sizeBefore), rootAfter: rootAt(sizeAfter), path };
}

test('roots and proofs of every tree up to 64 leaves equal the plain recursion and verify', () => {
  for (let size = 0; size <= SIZE_MAX; size++) {
    const part = leaves.slice(0, size);
    assert.equal(rootAt(size), plainRoot(part));
    for (let index = 0; index < size; index++) {
      const claim = inclusion(index, size);
      assert.deepEqual(claim.path, plainPath(index, part));
      assert.ok(verifyInclusion(claim));
      assert.ok(claim.path.length <= Math.ceil(Math.log2(size)));
    }
    for (let before = 1; before <= size; before++) {
      const claim = consistency(before, size);
      assert.deepEqual(claim.path, plainSubproof(before, part, true));
      assert.ok(verifyConsistency(claim));
    }
  }
});

test('a proof needs only subtrees that were complete at its size', () => {
  for (const { last } of neededSubtrees([...inclusionRanges(3, 11), ...consistencyRanges(3, 11)]))
    assert.ok(last < 11);
});

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

/** Everything that a liar may change in a path of hashes. */
function alteredPath(path: readonly Hash[]): fc.Arbitrary<readonly Hash[]> {
  const place = fc.nat({ max: Math.max(0, path.length - 1) });
  return fc.oneof(
    fc.tuple(place, hash).map(([at, other]) => path.toSpliced(at, 1, other)),
    fc.tuple(place, hash).map(([at, other]) => path.toSpliced(at, 0, other)),
    place.map((at) => path.toSpliced(at, 1)),
    hash.map((other) => [...path, other]),
    fc.constant(path.toReversed()),
    fc.constant([]),
    fc.constant([...path.slice(0, -1), 'not a hash']),
  );
}

test('an inclusion proof holds for nothing but its leaf, place, size, root and path', () => {
  const altered = fc
    .tuple(fc.integer({ min: 1, max: SIZE_MAX }), fc.nat())
    .map(([size, seed]) => inclusion(seed % size, size))
    .chain((claim) =>
      fc.tuple(
        fc.constant(claim),
        fc.oneof(
          alteredPath(claim.path).map((path) => ({ ...claim, path })),
          hash.map((root) => ({ ...claim, root })),
          hash.map((leaf) => ({ ...claim, leaf })),
          fc.integer({ min: -1, max: SIZE_MAX }).map((index) => ({ ...claim, index })),
          fc.constantFrom(-1, 0, 0.5, Number.NaN, 2 ** 53).map((size) => ({ ...claim, size })),
        ),
      ),
    )
    .filter(([claim, other]) => JSON.stringify(claim) !== JSON.stringify(other));
  fc.assert(
    fc.property(altered, ([claim, other]) => verifyInclusion(claim) && !verifyInclusion(other)),
    { numRuns: 500 },
  );
});

test('a consistency proof holds for nothing but its two roots and path', () => {
  const altered = fc
    .tuple(fc.integer({ min: 1, max: SIZE_MAX }), fc.nat())
    .map(([size, seed]) => consistency(1 + (seed % size), size))
    .chain((claim) =>
      fc.tuple(
        fc.constant(claim),
        fc.oneof(
          alteredPath(claim.path).map((path) => ({ ...claim, path })),
          hash.map((rootBefore) => ({ ...claim, rootBefore })),
          hash.map((rootAfter) => ({ ...claim, rootAfter })),
          fc.constantFrom(-1, 0, 0.5, Number.NaN, 2 ** 53).map((sizeBefore) => ({ ...claim, sizeBefore })),
          fc.constant({ ...claim, sizeBefore: claim.sizeAfter + 1 }),
        ),
      ),
    )
    .filter(([claim, other]) => JSON.stringify(claim) !== JSON.stringify(other));
  fc.assert(
    fc.property(altered, ([claim, other]) => verifyConsistency(claim) && !verifyConsistency(other)),
    { numRuns: 500 },
  );
});

test('sizes beyond 32 bits are walked exactly', () => {
  const size = 2 ** 52 + 3;
  assert.equal(inclusionRanges(2 ** 52 + 2, size).at(-1)?.end, 2 ** 52);
  assert.equal(inclusionRanges(0, size).length, 53);
  assert.equal(consistencyRanges(2 ** 52, size).length, 1);
});

test('proofs that no tree has are refused', () => {
  for (const [index, size] of [
    [0, 0],
    [1, 1],
    [-1, 4],
    [0.5, 4],
    [0, 2 ** 53],
    [Number.NaN, 4],
  ] as const)
    assert.throws(() => inclusionRanges(index, size), RangeError);
  for (const [before, after] of [
    [0, 0],
    [0, 4],
    [5, 4],
    [1.5, 4],
    [1, Infinity],
  ] as const)
    assert.throws(() => consistencyRanges(before, after), RangeError);
});
