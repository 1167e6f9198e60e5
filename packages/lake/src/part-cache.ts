import type { Bar } from '@aistock/market';

/** Loads the parts with these hashes, in their order. */
export type LoadParts = (hashes: readonly string[]) => Promise<readonly (readonly Bar[])[]>;

/**
 * Parts that were read lately, as bars. Parts never change, so nothing here can be out of date; the least recently
 * used ones go first once more than `barsMax` bars are held.
 */
export class PartCache {
  readonly #barsMax: number;
  /** Least recently used first. */
  readonly #parts = new Map<string, Promise<readonly Bar[]>>();
  /** Of the parts that are loaded. */
  readonly #sizes = new Map<string, number>();
  #bars = 0;

  constructor(barsMax: number) {
    this.#barsMax = barsMax;
  }

  /**
   * The bars of parts, in the order asked for. What is not held is loaded in one go, and once however many ask for it
   * at the same time. A failed load is not kept.
   */
  async get(hashes: readonly string[], load: LoadParts): Promise<readonly (readonly Bar[])[]> {
    const missing = hashes.filter((sha256) => !this.#parts.has(sha256));
    if (missing.length > 0) this.#hold(missing, load(missing));
    try {
      const parts = await Promise.all(hashes.map((sha256) => this.#use(sha256)));
      for (const [index, sha256] of hashes.entries()) this.#count(sha256, parts[index]?.length ?? 0);
      this.#dropOldest();
      return parts;
    } catch (error) {
      for (const sha256 of missing) this.#parts.delete(sha256);
      throw error;
    }
  }

  #hold(hashes: readonly string[], loading: ReturnType<LoadParts>): void {
    for (const [index, sha256] of hashes.entries())
      this.#parts.set(
        sha256,
        loading.then((parts) => parts[index] ?? []),
      );
  }

  async #use(sha256: string): Promise<readonly Bar[]> {
    const part = this.#parts.get(sha256);
    if (part === undefined) return [];
    this.#parts.delete(sha256);
    this.#parts.set(sha256, part);
    return part;
  }

  #count(sha256: string, bars: number): void {
    if (this.#sizes.has(sha256) || !this.#parts.has(sha256)) return;
    this.#sizes.set(sha256, bars);
    this.#bars += bars;
  }

  /** A part that is still loading has no size yet and stays. */
  #dropOldest(): void {
    for (const sha256 of this.#parts.keys()) {
      if (this.#bars <= this.#barsMax) return;
      const bars = this.#sizes.get(sha256);
      if (bars === undefined) continue;
      this.#bars -= bars;
      this.#sizes.delete(sha256);
      this.#parts.delete(sha256);
    }
  }
}
