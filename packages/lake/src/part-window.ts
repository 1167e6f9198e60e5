/** A curated part as the ledger knows it. */
export interface Part {
  /** Names the part: the hash of the raw file that it was made from. */
  readonly sha256: string;
  readonly rows: number;
  /** Open times of its first and last bar, Unix ms UTC. */
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
}

export interface PartWindow {
  /** Only bars that opened at or after this; from the first unless told. */
  readonly fromMs?: number | undefined;
  /** Only bars that opened before this. */
  readonly toMs?: number | undefined;
  /** Only bars that had closed by then: the reader's now. */
  readonly asOfMs: number;
  /** The newest bars instead of the oldest. */
  readonly newest?: boolean | undefined;
  /** At most this many bars. */
  readonly limit: number;
}

/**
 * The parts that can hold bars of the window, ascending, and no more of them than the limit can need. A part is
 * counted towards the limit only where all its bars are sure to be inside the window.
 */
export function partsInWindow(
  parts: readonly Part[],
  window: PartWindow,
  closeOf: (openMs: number) => number,
): Part[] {
  const fromMs = window.fromMs ?? 0;
  const toMs = window.toMs ?? Number.MAX_SAFE_INTEGER;
  const ascending = parts
    .filter(
      (part) =>
        part.lastOpenMs >= fromMs && part.firstOpenMs < toMs && closeOf(part.firstOpenMs) <= window.asOfMs,
    )
    .toSorted((a, b) => a.firstOpenMs - b.firstOpenMs);
  const inOrder = window.newest === true ? ascending.toReversed() : ascending;
  const needed: Part[] = [];
  let sure = 0;
  for (const part of inOrder) {
    if (sure >= window.limit) break;
    needed.push(part);
    const whole =
      part.firstOpenMs >= fromMs && part.lastOpenMs < toMs && closeOf(part.lastOpenMs) <= window.asOfMs;
    if (whole) sure += part.rows;
  }
  return window.newest === true ? needed.toReversed() : needed;
}
