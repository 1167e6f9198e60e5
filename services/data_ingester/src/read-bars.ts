import type { Db } from '@aistock/database';
import { LakeFileError, type StoredBar } from '@aistock/lake';
import { ServiceError } from '@aistock/service-kit';
import { dataIngesterApi, type Output, type Parsed } from '@aistock/shared';
import { adjustedBars } from './actions/adjusted-bars.ts';
import type { BarReader } from './curated/bar-reader.ts';
import type { StreamSpec } from './stream-spec.ts';

const BARS_DEFAULT = 1_000;
const LATEST_MS = 8_640_000_000_000_000;

type BarsQuery = Parsed<typeof dataIngesterApi.bars>['query'];
type BarsAnswer = Output<typeof dataIngesterApi.bars>;

/** One page of bars that had closed by the wanted time, and where the next page starts. */
export async function readBars(
  keeper: { readonly db: Db; readonly reader: BarReader },
  spec: StreamSpec,
  query: BarsQuery,
  nowMs: number,
): Promise<BarsAnswer> {
  const { stream } = spec;
  const { from_ms: fromMs = 0, to_ms: toMs = LATEST_MS, limit = BARS_DEFAULT } = query;
  const asOfMs = Math.min(query.as_of_ms ?? nowMs, nowMs);
  const newest = query.newest ?? false;
  // One bar more tells whether there is another page; pages go forward only.
  const wanted = newest ? limit : limit + 1;
  const knownMs = query.known_ms;
  const bars = await fromLake(async () =>
    adjustedBars(
      keeper,
      spec,
      await keeper.reader.bars(spec, { fromMs, toMs, asOfMs, knownMs, newest, limit: wanted }),
      { mode: query.adjust ?? 'raw', asOfMs, knownMs },
    ),
  );
  const next = newest ? undefined : bars[limit];
  return {
    stream,
    bars: bars.slice(0, limit).map(query.detail === true ? toDetailedBar : toWireBar),
    next_from_ms: next?.openMs ?? null,
  };
}

/** A damaged lake is told: a shorter answer would look as if there were no more bars. */
async function fromLake<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    const detail = `a file of bars is ${error.kind}; repair the stream, or restore the lake from a backup`;
    throw new ServiceError('lake_damaged', 500, detail, { cause: error });
  }
}

function toWireBar({ openMs, open, high, low, close, volume }: StoredBar): BarsAnswer['bars'][number] {
  return { open_ms: openMs, open, high, low, close, volume };
}

function toDetailedBar(bar: StoredBar): BarsAnswer['bars'][number] {
  return { ...toWireBar(bar), source: bar.source, known_ms: bar.knownMs, revision: bar.revision };
}
