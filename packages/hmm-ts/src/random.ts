const WORD_MAX = 2 ** 32;

/** A source of chance that is the same on every machine for the same seed. */
export interface Random {
  /** Uniform in (0, 1), 53 bits. */
  uniform(): number;
  /** A whole number from 0 up to and without `bound`. */
  below(bound: number): number;
}

/** xoshiro128** (Blackman and Vigna), seeded by splitmix32. `seed` is any safe integer; its low 32 bits count. */
export function createRandom(seed: number): Random {
  const state = new Uint32Array(4);
  let mixed = seed >>> 0;
  for (let word = 0; word < 4; word++) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let hash = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
    state[word] = hash ^ (hash >>> 15);
  }
  const uniform = () => ((nextWord(state) >>> 5) * 67108864 + (nextWord(state) >>> 6) + 0.5) / 2 ** 53;
  return { uniform, below: (bound) => Math.floor((nextWord(state) / WORD_MAX) * bound) };
}

function nextWord(state: Uint32Array): number {
  const [s0, s1, s2, s3] = state as unknown as [number, number, number, number];
  const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  state[2] = s2 ^ s0;
  state[3] = s3 ^ s1;
  state[1] = s1 ^ state[2];
  state[0] = s0 ^ state[3];
  state[2] ^= s1 << 9;
  state[3] = rotateLeft(state[3], 11);
  return result;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
