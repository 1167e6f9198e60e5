import { LakeFileError, type RawStore } from '@aistock/lake';
import type { LedgerFileRow } from '@aistock/ledger';
import type { Bar as ExactBar } from '@aistock/market';
import type { Bar, Client, dataIngesterApi } from '@aistock/shared';
import { TrainingProblem } from './training-problem.ts';

const PAGE_BARS = 10_000;

export interface Window {
  /** Open time of its last bar, Unix ms UTC. */
  readonly lastOpenMs: number;
  readonly barsMax: number;
  /** What was known by then, Unix ms UTC. */
  readonly asOfMs: number;
}

/**
 * The newest bars of a stream up to and with the one that opens at `lastOpenMs`, in order of time, at most `barsMax`.
 * @throws TrainingProblem `bars_missing` where the stream does not give that bar: the curated store is behind.
 */
export async function windowBars(
  ingester: Client<typeof dataIngesterApi>,
  stream: string,
  { lastOpenMs, barsMax, asOfMs }: Window,
): Promise<ExactBar[]> {
  let window: ExactBar[] = [];
  let toMs = lastOpenMs + 1;
  const pagesMax = Math.ceil(barsMax / PAGE_BARS);
  for (let page = 0; page < pagesMax; page++) {
    const limit = Math.min(PAGE_BARS, barsMax - window.length);
    const { bars } = await ingester.bars({
      query: {
        stream,
        to_ms: String(toMs),
        as_of_ms: String(asOfMs),
        newest: 'true',
        limit: String(limit),
      },
    });
    window = [...bars.map(exactBar), ...window];
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
 * The bars of claimed files, in order of time, as they were known at the claim; the raw bytes of each are hashed again.
 * A bar that came late into the time of a file is among them.
 * @throws TrainingProblem `file_corrupt` or `file_missing`, naming the file, or `bars_missing` where the stream does not
 *   give as many bars as a file has: the curated store is behind.
 */
export async function claimedBars(
  { ingester, rawStore }: { readonly ingester: Client<typeof dataIngesterApi>; readonly rawStore: RawStore },
  files: readonly LedgerFileRow[],
  asOfMs: number,
): Promise<ExactBar[]> {
  for (const file of files) await verify(rawStore, file);
  const claimed = files.map(toRange).toSorted((a, b) => a.fromMs - b.fromMs);
  const [first, last] = [claimed[0], claimed.at(-1)];
  if (!first || !last) return [];
  const bars: ExactBar[] = [];
  let index = 0;
  let own = 0;
  const close = ({ file }: ClaimedRange): void => {
    if (own < file.rows)
      throw new TrainingProblem(
        'bars_missing',
        `${file.stream} gives ${own} of the ${file.rows} bars of file ${file.file_id}`,
      );
    own = 0;
  };
  const range = { stream: first.file.stream, fromMs: first.fromMs, toMs: last.toMs, asOfMs };
  for await (const bar of barsBetween(ingester, range)) {
    for (; index < claimed.length && bar.openMs >= claimed[index]!.toMs; index++) close(claimed[index]!);
    // Between claimed files there may be those of an earlier run.
    if (bar.openMs < (claimed[index]?.fromMs ?? Infinity)) continue;
    bars.push(bar);
    own += 1;
  }
  for (; index < claimed.length; index++) close(claimed[index]!);
  return bars;
}

async function verify(store: RawStore, file: LedgerFileRow): Promise<void> {
  await store.verify(file.sha256).catch((error: unknown) => {
    throw error instanceof LakeFileError
      ? new TrainingProblem(`file_${error.kind}`, `file ${file.file_id}: ${error.message}`, file.file_id)
      : error;
  });
}

interface ClaimedRange {
  readonly file: LedgerFileRow;
  /** Open time of its first bar, and the first moment after that of its last one. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A file that is claimed has bars. */
function toRange(file: LedgerFileRow): ClaimedRange {
  const lastMs = file.last_open_at?.getTime() ?? Number.NaN;
  return { file, fromMs: file.first_open_at?.getTime() ?? Number.NaN, toMs: lastMs + 1 };
}

/** Bars that open in [fromMs, toMs), in order of time, a page at a time. */
async function* barsBetween(
  ingester: Client<typeof dataIngesterApi>,
  {
    stream,
    fromMs,
    toMs,
    asOfMs,
  }: { readonly stream: string; readonly fromMs: number; readonly toMs: number; readonly asOfMs: number },
): AsyncGenerator<ExactBar, void> {
  const query = { stream, to_ms: String(toMs), as_of_ms: String(asOfMs), limit: String(PAGE_BARS) };
  for (let next: number | null = fromMs; next !== null;) {
    const page: Awaited<ReturnType<typeof ingester.bars>> = await ingester.bars({
      query: { ...query, from_ms: String(next) },
    });
    yield* page.bars.map(exactBar);
    if (page.next_from_ms !== null && page.next_from_ms <= next)
      throw new Error(`the pages of ${stream} do not move on from ${next}`);
    next = page.next_from_ms;
  }
}

/** A bar of a response with its decimals as they are. */
function exactBar({ open_ms: openMs, open, high, low, close, volume }: Bar): ExactBar {
  return { openMs, open, high, low, close, volume };
}
