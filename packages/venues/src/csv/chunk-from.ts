import type { Bar } from '@aistock/market';

/**
 * The next rows of a file, in the order of the file: from the first that opens at `sinceMs` or later, `limit` rows and,
 * with them, the rows that follow and do not get ahead of them. So a row that is behind its predecessors always comes in
 * the chunk of those, and no row of a file is ever passed over in silence.
 */
export function chunkFrom(
  rows: readonly Bar[],
  range: { readonly sinceMs: number | undefined; readonly limit: number },
): { bars: readonly Bar[]; more: boolean } {
  const since = range.sinceMs ?? -Infinity;
  const found = rows.findIndex((row) => row.openMs >= since);
  const start = found < 0 ? rows.length : found;
  let end = Math.min(rows.length, start + range.limit);
  const aheadMs = rows.slice(start, end).reduce((most, row) => Math.max(most, row.openMs), -Infinity);
  while (end < rows.length && rows[end]!.openMs <= aheadMs) end++;
  return { bars: rows.slice(start, end), more: end < rows.length };
}
