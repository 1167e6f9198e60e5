import type { Bar } from '@aistock/market';

/**
 * Parts that were read lately, as bars. Parts never change, so nothing here can be out of date; the least recently
 * used ones go first once more than `barsMax` bars are held.
 */
export class PartCache {
  readonly #barsMax: number;
  readonly #parts = new Map<string, Promise<readonly Bar[]>>();
  readonly #sizes = new Map<string, number>();
  #bars = 0;

  constructor(barsMax: number) {
    this.#barsMax = barsMax;
  }

  /** The bars of a part, loaded once however many ask for it at the same time. A failed load is not kept. */
  async get(sha256: string, load: () => Promise<readonly Bar[]>): Promise<readonly Bar[]> {
    const held = this.#parts.get(sha256);
    if (held) {
      this.#parts.delete(sha256);
      this.#parts.set(sha256, held);
      return held;
    }
    const loading = load();
    this.#parts.set(sha256, loading);
    try {
      const bars = await loading;
      this.#count(sha256, bars.length);
      return bars;
    } catch (error) {
      this.#parts.delete(sha256);
      throw error;
    }
  }

  /** A part that is still loading has no size yet and is not removed. */
  #count(sha256: string, bars: number): void {
    this.#sizes.set(sha256, bars);
    this.#bars += bars;
    for (const oldest of this.#parts.keys()) {
      if (this.#bars <= this.#barsMax) return;
      const size = this.#sizes.get(oldest);
      if (size === undefined) continue;
      this.#bars -= size;
      this.#sizes.delete(oldest);
      this.#parts.delete(oldest);
    }
  }
}
