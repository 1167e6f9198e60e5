/** Murmur3's finaliser: every bit of the result depends on every bit of the word. Source: Appleby, smhasher. */
function mix(word: number): number {
  let hash = word | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const GOLDEN = 0x9e3779b9;
const TWO_32 = 2 ** 32;

/**
 * A number in [0, 1) that depends on its arguments only, so that the draw with number n is there without the n before it.
 * @param lane tells draws of different purposes apart.
 * @param index a whole number, at most 2^53.
 */
export function chanceAt(seed: number, lane: number, index: number): number {
  const high = Math.floor(index / TWO_32);
  const word = mix(mix(mix(seed + GOLDEN) ^ Math.imul(lane + 1, GOLDEN)) ^ high) ^ (index % TWO_32);
  return (mix(Math.imul(word, GOLDEN) + lane) >>> 0) / TWO_32;
}

/** A whole number in [0, below). */
export function pickAt(below: number, seed: number, lane: number, index: number): number {
  return Math.floor(chanceAt(seed, lane, index) * below);
}
