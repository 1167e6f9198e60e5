import { RegistrationRefused } from '@aistock/ledger';
import { SourceError } from '@aistock/venues';
import { fetchChunk } from '../fetch-chunk.ts';
import type { IngestResult } from '../ingest-result.ts';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { askAgain } from './ask-again.ts';
import { noteLostFiles } from './lost-files.ts';
import { overlapFrom } from './overlap.ts';
import { againOf, takeAgain, type BarsAgain } from './take-again.ts';

/**
 * What an ingest does for the bars that are registered already, once it has taken the new ones: files that were lost
 * become gaps, bars that the source gave once more are compared with those held, and gaps are asked for again.
 * @param again - bars up to the watermark that came with the new ones.
 * @returns why a revision was not kept, where one was not: the new bars are registered by then, and stay so.
 */
export async function tendStream(
  keeper: Keeper,
  stream: ConfiguredStream,
  { watermarkMs, again }: { readonly watermarkMs: number; readonly again: BarsAgain },
): Promise<IngestResult['revision_problem']> {
  await noteLostFiles(keeper, stream, new Date(keeper.clock.nowMs()));
  const bars = stream.fromFile ? await readTail(stream, watermarkMs) : again;
  const ofBars =
    bars !== undefined && bars.bars.length > 0 ? await refusalOf(takeAgain(keeper, stream, bars)) : null;
  const ofGaps = await refusalOf(askAgain(keeper, stream));
  return ofBars ?? ofGaps;
}

async function refusalOf(work: Promise<unknown>): Promise<IngestResult['revision_problem']> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof RegistrationRefused)) throw error;
    return { code: error.code, detail: error.message };
  }
}

/** The last registered bars as a file has them now, which costs nothing while it does not change. */
async function readTail(stream: ConfiguredStream, watermarkMs: number): Promise<BarsAgain | undefined> {
  const sinceMs = overlapFrom(stream, watermarkMs);
  if (sinceMs === undefined) return undefined;
  const limit = stream.quality.restate_bars;
  const { fetched, clockMs } = await fetchChunk(stream, { sinceMs, limit }, undefined);
  if (fetched instanceof SourceError) return undefined;
  return { ...againOf(fetched), bars: fetched.bars.filter(({ openMs }) => openMs <= watermarkMs), clockMs };
}
