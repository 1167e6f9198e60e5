import { createHash } from 'node:crypto';

/** A SHA-256 in lower-case hex: 64 characters. */
export type Hash = string;

const HASH = /^[0-9a-f]{64}$/;
/** Domain separation of RFC 6962 section 2.1: no leaf can pass for a node. */
const LEAF_PREFIX = new Uint8Array([0]);
const NODE_PREFIX = new Uint8Array([1]);

/** Root of the tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest('hex');

export function isHash(text: string): text is Hash {
  return HASH.test(text);
}

/** RFC 6962 section 2.1: SHA-256(0x00 || leaf). Text counts as its UTF-8 bytes. */
export function leafHash(leaf: string | Uint8Array): Hash {
  return createHash('sha256').update(LEAF_PREFIX).update(leaf).digest('hex');
}

/**
 * RFC 6962 section 2.1: SHA-256(0x01 || left || right).
 * @throws TypeError where a side is no hash.
 */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (!isHash(left) || !isHash(right)) throw new TypeError('a node of the tree needs two hashes');
  return createHash('sha256').update(NODE_PREFIX).update(left, 'hex').update(right, 'hex').digest('hex');
}
