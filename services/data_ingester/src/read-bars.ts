import type { Db } from '@aistock/database';
import { LakeFileError, type CuratedStore } from '@aistock/lake';
import type { Bar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { dataIngesterApi, type Output, type Parsed } from '@aistock/shared';
import type { StreamSpec } from './stream-spec.ts';
import { findParts } from './stream-files.ts';

const BARS_DEFAULT = 1_000;
const LATEST_MS = 8_640_000_000_000_000;

type BarsQuery = Parsed<typeof dataIngesterApi.bars>['query'];
type BarsAnswer = Output<typeof dataIngesterApi.bars>;

/** One page of bars that had closed by the wanted time, and where the next page starts. */
export async function readBars(
  { db, curated }: { readonly db: Db; readonly curated: CuratedStore },
  spec: StreamSpec,
  query: BarsQuery,
  nowMs: number,
): Promise<BarsAnswer> {
  const { stream, timeframe, calendar } = spec;
  const { from_ms: fromMs = 0, to_ms: toMs = LATEST_MS, limit = BARS_DEFAULT } = query;
  const asOfMs = Math.min(query.as_of_ms ?? nowMs, nowMs);
  const newest = query.newest ?? false;
  // One bar more tells whether there is another page; pages go forward only.
  const wanted = newest ? limit : limit + 1;
  // A bar has not closed before it opened.
  const reachMs = Math.min(toMs, asOfMs);
  const parts = await findParts(db, stream, { fromMs, toMs: reachMs, newest, barsMax: wanted });
  const bars = await fromLake(() =>
    curated.readBars({
      parts,
      timeframe,
      calendar,
      fromMs,
      toMs,
      asOfMs,
      newest,
      limit: wanted,
    }),
  );
  const next = newest ? undefined : bars[limit];
  return { stream, bars: bars.slice(0, limit).map(toWireBar), next_from_ms: next?.openMs ?? null };
}

/** A damaged lake is told: a shorter answer would look as if there were no more bars. */
async function fromLake<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    const detail = `a registered file of bars is ${error.kind}; restore the lake from a backup`;
    throw new ServiceError('lake_damaged', 500, detail, { cause: error });
  }
}

function toWireBar({ openMs, ...values }: Bar): BarsAnswer['bars'][number] {
  return { open_ms: openMs, ...values };
}
