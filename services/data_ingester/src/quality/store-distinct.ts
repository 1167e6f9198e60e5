import type { Db } from '@aistock/database';
import type { StoredFile } from '@aistock/lake';
import { RegistrationRefused } from '@aistock/ledger';
import type { Bar } from '@aistock/market';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';

/** More bars before the first than a file of a lower revision can have, and a few to spare. */
const SPARE_TRIES = 5;

export interface DistinctFile {
  readonly bars: readonly Bar[];
  readonly stored: StoredFile;
}

/**
 * Stores bars as a file that the stream does not have yet, for the ledger takes the same bytes of a stream once. They would
 * come twice where a value goes back and forth, or where a lost file is given anew: then bars before them go along, as they
 * are held, or, where there are none, the first bar waits for the next time.
 * @param revision - that they are registered as; each revision of the same bars takes another number of bars along.
 * @throws RegistrationRefused `overlapping_bars` where no such file is left, as of the very first bar alone.
 */
export async function storeDistinct(
  keeper: Keeper,
  stream: ConfiguredStream,
  { bars, revision }: { readonly bars: readonly Bar[]; readonly revision: number },
): Promise<DistinctFile> {
  for (let tried = 0; tried <= SPARE_TRIES; tried++) {
    const along = tried === 0 ? 0 : revision - 1 + tried;
    const chosen = [...(await heldBefore(keeper, stream, bars[0]!.openMs, along)), ...bars];
    const rest = chosen.length === bars.length && tried > 0 ? bars.slice(tried) : chosen;
    if (rest.length === 0) break;
    const stored = await keeper.raw.write(rest);
    if (!(await isKnown(keeper.db, stream.stream, stored.sha256))) return { bars: rest, stored };
  }
  const detail = `${stream.stream} has files with the same bytes as these ${bars.length} bars`;
  throw new RegistrationRefused('overlapping_bars', detail);
}

async function heldBefore(
  { reader, clock }: Keeper,
  stream: ConfiguredStream,
  openMs: number,
  count: number,
): Promise<Bar[]> {
  if (count === 0) return [];
  const query = { toMs: openMs, asOfMs: clock.nowMs(), newest: true, limit: count };
  const held = await reader.bars(stream, query);
  return held.map(({ openMs: at, open, high, low, close, volume }) => ({
    openMs: at,
    open,
    high,
    low,
    close,
    volume,
  }));
}

async function isKnown(db: Db, stream: string, sha256: string): Promise<boolean> {
  const file = await db
    .selectFrom('ledger.file')
    .select('file_id')
    .where('stream', '=', stream)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return file !== undefined;
}
