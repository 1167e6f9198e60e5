/** What of a store may be seen. */
export interface PointInTime {
  /** Only bars that had closed by then, and of bars that were restated or came late what was known by then. */
  readonly asOfMs: number;
  /** Besides, only what had been learned by then: how the store itself looked. Unless told, all that was learned. */
  readonly knownMs?: number | undefined;
}

/** Rows ascending by open time, and of one open time by revision. */
export interface Rows {
  readonly length: number;
  readonly openMs: (row: number) => number;
  readonly knownMs: (row: number) => number;
  readonly revision: (row: number) => number;
}

/**
 * The rows that a reader may see, ascending, one for each open time: the newest revision that was known. What was first
 * published of a bar counts as known at its close, however late it was downloaded; a revision only once it was learned.
 * @param closeOf - when a bar that opened then was complete, Unix ms UTC.
 */
export function visibleRows(
  rows: Rows,
  { asOfMs, knownMs = Infinity }: PointInTime,
  closeOf: (openMs: number) => number,
): number[] {
  const seen: number[] = [];
  let lastOpenMs: number | undefined;
  for (let row = 0; row < rows.length; row++) {
    const openMs = rows.openMs(row);
    const learnedMs = rows.knownMs(row);
    if (learnedMs > knownMs || (rows.revision(row) > 0 && learnedMs > asOfMs)) continue;
    if (closeOf(openMs) > asOfMs) continue;
    if (openMs === lastOpenMs) seen.pop();
    seen.push(row);
    lastOpenMs = openMs;
  }
  return seen;
}
