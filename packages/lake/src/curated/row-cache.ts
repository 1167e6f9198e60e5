import type { StoredBar } from './part.ts';

export interface RowCacheBounds {
  readonly rowsMax: number;
  /** Also an answer without rows has a name and a place. */
  readonly answersMax: number;
}

/**
 * Rows that were read lately, by what names them. What is named never changes, so nothing here can be out of date; the
 * least recently used go first once more is held than the bounds allow.
 */
export class RowCache {
  readonly #bounds: RowCacheBounds;
  /** Least recently used first. */
  readonly #held = new Map<string, Promise<readonly StoredBar[]>>();
  /** Of what is loaded. */
  readonly #sizes = new Map<string, number>();
  #rows = 0;

  constructor(bounds: RowCacheBounds) {
    this.#bounds = bounds;
  }

  /** Loads what is not held, once however many ask for it at the same time. A failed load is not kept. */
  async get(name: string, load: () => Promise<readonly StoredBar[]>): Promise<readonly StoredBar[]> {
    const held = this.#held.get(name) ?? load();
    this.#held.delete(name);
    this.#held.set(name, held);
    try {
      const rows = await held;
      this.#count(name, rows.length);
      return rows;
    } catch (error) {
      if (this.#held.get(name) === held) this.#held.delete(name);
      throw error;
    }
  }

  #count(name: string, rows: number): void {
    if (this.#sizes.has(name) || !this.#held.has(name)) return;
    this.#sizes.set(name, rows);
    this.#rows += rows;
    this.#dropOldest();
  }

  /** What is still loading has no size yet and stays. */
  #dropOldest(): void {
    const { rowsMax, answersMax } = this.#bounds;
    for (const name of this.#held.keys()) {
      if (this.#rows <= rowsMax && this.#held.size <= answersMax) return;
      const rows = this.#sizes.get(name);
      if (rows === undefined) continue;
      this.#rows -= rows;
      this.#sizes.delete(name);
      this.#held.delete(name);
    }
  }
}
