import { sha256Hex } from '@aistock/shared';
import type { BarCursor } from '../../bars/index.ts';

const COLUMNS = ['openMs', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * SHA-256 of the newest bars that a view shows: column after column, oldest bar first, each number as the eight bytes of its
 * float64, least significant first. It depends on these bars alone, wherever the series begins.
 * @param count bars at most.
 */
export function barsSha256(bars: BarCursor, count: number): string {
  const shown = Math.min(count, bars.count);
  const bytes = new DataView(new ArrayBuffer(COLUMNS.length * shown * Float64Array.BYTES_PER_ELEMENT));
  let offset = 0;
  for (const column of COLUMNS)
    for (let ago = shown - 1; ago >= 0; ago--, offset += Float64Array.BYTES_PER_ELEMENT)
      bytes.setFloat64(offset, bars[column](ago), true);
  return sha256Hex(new Uint8Array(bytes.buffer));
}
