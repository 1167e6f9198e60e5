import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatCsvBars, type Bar } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';

/** As the lake packs its files. */
const GZIP_LEVEL = 3;
/** Files and folders of a chunk that are forced to disk: its answer, its raw file and its part, each with its folder. */
const SYNCS = 6;
const REPEATS = 20;

/** Milliseconds that one chunk costs in each step alone. */
export async function stepCosts(bars: readonly Bar[], folder: string): Promise<Record<string, number>> {
  const answer = JSON.stringify(
    bars.map(({ openMs, open: first, high, low, close, volume }) => [
      openMs,
      first,
      high,
      low,
      close,
      volume,
    ]),
  );
  const csv = Buffer.from(formatCsvBars(bars));
  return {
    parse: await cost(() => void JSON.parse(answer)),
    gzip: await cost(() => {
      gzipSync(csv, { level: GZIP_LEVEL });
      gzipSync(answer, { level: GZIP_LEVEL });
    }),
    sha256: await cost(() => {
      sha256Hex(csv);
      sha256Hex(answer);
    }),
    fsync: await cost(async () => {
      for (let sync = 0; sync < SYNCS; sync++) await writeSynced(join(folder, 'synced'), csv);
    }),
  };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function cost(step: () => void | Promise<void>): Promise<number> {
  await step();
  const startedMs = performance.now();
  for (let repeat = 0; repeat < REPEATS; repeat++) await step();
  return (performance.now() - startedMs) / REPEATS;
}
