// The published vectors: google/certificate-transparency merkle_tree_test.cc and transparency-dev/merkle
// testonly/constants.go, leaves numbered from 0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { append, EMPTY_FRONTIER, rootOf } from './frontier.ts';
import { EMPTY_ROOT, leafHash } from './hash.ts';
import { consistencyRanges, inclusionRanges, proofPath } from './proof.ts';
import { growTree } from './tree.fixture.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
] as const;
const LEAF_HASHES = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
  '07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
  'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
  'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  '46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1',
] as const;
const LEAVES_0_TO_3 = ROOTS[4];
const LEAVES_2_AND_3 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const LEAVES_4_TO_7 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const LEAVES_4_AND_5 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const LEAVES_6_AND_7 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';

const leaves = LEAVES.map((hex) => Buffer.from(hex, 'hex'));
const tree = growTree(leaves);

test('leaf hashes and the roots of trees of 0 to 8 leaves are those of the standard', () => {
  assert.deepEqual(leaves.map(leafHash), LEAF_HASHES);
  assert.equal(rootOf(EMPTY_FRONTIER), EMPTY_ROOT);
  let frontier = EMPTY_FRONTIER;
  const roots = [rootOf(frontier)];
  for (const leaf of leaves) {
    ({ frontier } = append(frontier, leafHash(leaf)));
    roots.push(rootOf(frontier));
  }
  assert.deepEqual(roots, ROOTS);
});

test('inclusion proofs are those of the standard', () => {
  const cases = [
    { index: 0, size: 1, path: [] },
    { index: 0, size: 8, path: [LEAF_HASHES[1], LEAVES_2_AND_3, LEAVES_4_TO_7] },
    { index: 5, size: 8, path: [LEAF_HASHES[4], LEAVES_6_AND_7, LEAVES_0_TO_3] },
    { index: 2, size: 3, path: [ROOTS[2]] },
    { index: 1, size: 5, path: [LEAF_HASHES[0], LEAVES_2_AND_3, LEAF_HASHES[4]] },
  ];
  for (const { index, size, path } of cases) {
    assert.deepEqual(proofPath(inclusionRanges(index, size), tree), path, `leaf ${index} of ${size}`);
    const leaf = LEAF_HASHES[index] ?? '';
    assert.ok(verifyInclusion({ index, size, leaf, root: ROOTS[size] ?? '', path }));
  }
});

test('consistency proofs are those of the standard', () => {
  const cases = [
    { before: 1, after: 1, path: [] },
    { before: 1, after: 8, path: [LEAF_HASHES[1], LEAVES_2_AND_3, LEAVES_4_TO_7] },
    { before: 6, after: 8, path: [LEAVES_4_AND_5, LEAVES_6_AND_7, LEAVES_0_TO_3] },
    { before: 2, after: 5, path: [LEAVES_2_AND_3, LEAF_HASHES[4]] },
  ];
  for (const { before, after, path } of cases) {
    assert.deepEqual(proofPath(consistencyRanges(before, after), tree), path, `${before} to ${after}`);
    const [rootBefore, rootAfter] = [ROOTS[before] ?? '', ROOTS[after] ?? ''];
    assert.ok(verifyConsistency({ sizeBefore: before, sizeAfter: after, rootBefore, rootAfter, path }));
  }
});
