import type { Db } from '@aistock/database';
import { listStreams } from '@aistock/ledger';
import { FileStatus, type dataIngesterApi, type Output } from '@aistock/shared';
import { gapCounts } from './market-store.ts';
import type { SourceRanges } from './source-range.ts';
import type { StreamCatalogue } from './stream-catalogue.ts';
import { countBars } from './stream-files.ts';
import type { SourceRange } from './stream-spec.ts';

type StreamState = Output<typeof dataIngesterApi.streams>['streams'][number];

/** Every configured or known stream, how far it is, and what its source has. */
export async function streamStates(
  db: Db,
  catalogue: StreamCatalogue,
  ranges: SourceRanges,
): Promise<StreamState[]> {
  const inLedger = new Map((await listStreams(db)).map((each) => [each.stream, each]));
  const held = await countBars(db);
  const gaps = await gapCounts(db);
  const states: StreamState[] = [];
  for (const { stream, source, instrument, timeframe, calendar } of await catalogue.list()) {
    const configured = catalogue.configured(stream);
    const range = configured ? await ranges.of(configured) : null;
    states.push({
      stream,
      source,
      instrument,
      timeframe,
      calendar,
      watermark_ms: inLedger.get(stream)?.watermarkMs ?? null,
      bars: held.get(stream)?.bars ?? 0,
      first_open_ms: held.get(stream)?.firstOpenMs ?? null,
      last_open_ms: held.get(stream)?.lastOpenMs ?? null,
      files: { ...noFiles(), ...inLedger.get(stream)?.files },
      gaps: gaps.get(stream) ?? 0,
      source_range: range && toWireRange(range),
    });
  }
  return states;
}

/** The contract asks for a number for every status. */
function noFiles(): StreamState['files'] {
  return Object.fromEntries(FileStatus.options.map((status) => [status, 0])) as StreamState['files'];
}

function toWireRange({ firstOpenMs, lastOpenMs }: SourceRange): StreamState['source_range'] {
  return { first_open_ms: firstOpenMs, last_open_ms: lastOpenMs };
}
