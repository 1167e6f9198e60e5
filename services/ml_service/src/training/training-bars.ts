import { LakeFileError, type RawStore } from '@aistock/lake';
import type { LedgerFileRow } from '@aistock/ledger';
import { toPriceBar, type PriceBar } from '@aistock/market';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { barFromWire } from '../bar-from-wire.ts';
import { TrainingProblem } from './training-problem.ts';

const PAGE_BARS = 10_000;

/**
 * The newest bars of a stream up to and with the one that opens at `lastOpenMs`, in order of time, at most `barsMax`.
 * @throws TrainingProblem `bars_missing` where the stream does not give that bar: the curated store is behind.
 */
export async function windowBars(
  ingester: Client<typeof dataIngesterApi>,
  stream: string,
  lastOpenMs: number,
  barsMax: number,
): Promise<PriceBar[]> {
  let window: PriceBar[] = [];
  let toMs = lastOpenMs + 1;
  const pagesMax = Math.ceil(barsMax / PAGE_BARS);
  for (let page = 0; page < pagesMax; page++) {
    const limit = Math.min(PAGE_BARS, barsMax - window.length);
    const { bars } = await ingester.bars({
      query: { stream, to_ms: String(toMs), newest: 'true', limit: String(limit) },
    });
    window = [...bars.map(barFromWire), ...window];
    if (bars.length < limit) break;
    toMs = window[0]!.openMs;
  }
  if (window.at(-1)?.openMs !== lastOpenMs)
    throw new TrainingProblem(
      'bars_missing',
      `${stream} has no bar that opens at ${lastOpenMs}, though a registered file ends with it`,
    );
  return window;
}

/**
 * The bars of claimed files, in order of time. The bytes of each are hashed again.
 * @throws TrainingProblem `file_corrupt` or `file_missing`, naming the file.
 */
export async function claimedBars(store: RawStore, files: readonly LedgerFileRow[]): Promise<PriceBar[]> {
  const bars: PriceBar[] = [];
  for (const file of files) {
    const read = await store.read(file.sha256).catch((error: unknown) => {
      throw error instanceof LakeFileError
        ? new TrainingProblem(`file_${error.kind}`, `file ${file.file_id}: ${error.message}`, file.file_id)
        : error;
    });
    for (const bar of read) bars.push(toPriceBar(bar));
  }
  return bars;
}
