import { formatCsvBars, type Bar, fromUnits, toUnits } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import type { LakeFiles } from '../files/lake-files.ts';
import { LakeFileError } from '../lake-file-error.ts';
import { readRawBars } from '../read-raw-bars.ts';
import { assertStored } from './part-file.ts';
import type { Part } from './part.ts';
import { readRows } from './read-rows.ts';

/** A raw file as the ledger has it. */
export interface RegisteredRaw {
  readonly sha256: string;
  readonly rows: number;
  /** Open times of the first and last bar, Unix ms UTC. */
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
}

/**
 * Makes sure that the curated store holds the bars of a raw file, so that the raw file may go: reads the parts from
 * storage, holds their bytes against their names, and their bars of this file against those of the raw file, value by
 * value.
 * @param parts - all live ones that were made from the file, among others.
 * @returns SHA-256 of the bars as canonical CSV, equal on both sides.
 * @throws LakeFileError where a file is missing or is not what its name says, or where the bars differ.
 */
export async function verifyHeld(
  files: LakeFiles,
  raw: RegisteredRaw,
  parts: readonly Part[],
): Promise<string> {
  const bars = await readRawBars(files, raw.sha256);
  if (
    bars.length !== raw.rows ||
    bars[0]?.openMs !== raw.firstOpenMs ||
    bars.at(-1)?.openMs !== raw.lastOpenMs
  )
    throw new LakeFileError('corrupt', `raw file ${raw.sha256} does not hold the bars that the ledger says`);
  const held: Bar[] = [];
  for (const part of parts.toSorted((a, b) => a.year - b.year))
    held.push(...(await barsOf(files, part, raw.sha256)));
  const wanted = hashOf(bars);
  if (hashOf(held) === wanted) return wanted;
  throw new LakeFileError(
    'corrupt',
    `the curated store holds ${held.length} bars of raw file ${raw.sha256}, not the same ${bars.length}`,
  );
}

/** Its rows of one raw file. */
async function barsOf(files: LakeFiles, part: Part, sha256: string): Promise<Bar[]> {
  await assertStored(files, part);
  const hidden = [...part.rawSha256.keys()].filter((index) => part.rawSha256[index] !== sha256);
  const range = { fromMs: part.firstOpenMs, toMs: part.lastOpenMs + 1 };
  return files.withLocal([part.path], ([localPath = '']) => readRows([{ localPath, hidden }], range));
}

function hashOf(bars: readonly Bar[]): string {
  return sha256Hex(
    formatCsvBars(
      bars.map(({ openMs, open, high, low, close, volume }) => ({
        openMs,
        open: plain(open),
        high: plain(high),
        low: plain(low),
        close: plain(close),
        volume: plain(volume),
      })),
    ),
  );
}

function plain(text: string): string {
  return fromUnits(toUnits(text));
}
