import type { Db } from '@aistock/database';
import type { LakeFiles, PartStore, RawStore } from '@aistock/lake';
import { registerEarlier, registerFile, type Registration } from '@aistock/ledger';
import type { Bar, CorporateAction, Gap, RejectionCount } from '@aistock/market';
import { emitEvent, type Clock } from '@aistock/service-kit';
import type { Provenance } from '@aistock/venues';
import type { RegisteredChunk } from './comparison/registered-chunk.ts';
import type { BarReader } from './curated/bar-reader.ts';
import { listFileParts } from './curated/list-file-parts.ts';
import { noteTold } from './actions/note-told.ts';
import { countedRejections, noteRejections, noteStream } from './market-store.ts';
import { noteGaps } from './quality/gap-store.ts';
import { watchBars } from './quality/watch-bars.ts';
import { lockWatch, type WatchedStream } from './quality/watched-stream.ts';
import type { OriginLog } from './raw-log/origin-log.ts';

/** Where a stream's bars and their record go. */
export interface Keeper {
  readonly db: Db;
  readonly lake: LakeFiles;
  readonly raw: RawStore;
  readonly curated: PartStore;
  /** What is held already, point in time. */
  readonly reader: BarReader;
  readonly origins: OriginLog;
  readonly clock: Clock;
  /** Told of each chunk that was registered; it must not fail. */
  readonly onRegistered?: (chunk: RegisteredChunk) => void;
}

export interface Origins {
  /** Which source the bars are from; in a chain of sources not always the same. */
  readonly source: string;
  readonly origins: readonly Provenance[];
}

export interface SoundChunk extends Origins {
  /** Ascending, at least one. */
  readonly bars: readonly Bar[];
  readonly gaps: readonly Gap[];
  readonly rejected: readonly RejectionCount[];
  /** The watermark that the chunk was fetched from. */
  readonly watermarkMs: number | null;
  /** Where the chunk goes before all others: the open time of the first registered bar that it was fetched for. */
  readonly beforeMs?: number | undefined;
  /** Splits and dividends that the source told beside the bars. */
  readonly actions?: readonly CorporateAction[] | undefined;
}

/**
 * Writes the files of a chunk, then its whole record in one transaction. A crash in between leaves files that no row
 * names; the next run writes the same ones again and registers them, or the sweep removes them.
 * @throws RegistrationRefused where the stream has moved on meanwhile; nothing is recorded then.
 */
export async function keepChunk(
  { db, raw, curated, origins, clock }: Keeper,
  stream: WatchedStream,
  chunk: SoundChunk,
): Promise<Registration> {
  const { bars } = chunk;
  const stored = await raw.write(bars);
  const known = { source: chunk.source, knownMs: clock.nowMs() };
  const made = await curated.writeRaw({
    ...known,
    stream: stream.stream,
    sha256: stored.sha256,
    revision: 0,
  });
  await origins.keep(chunk.origins);
  const file = {
    stream: stream.stream,
    ...stored,
    rows: bars.length,
    firstOpenMs: bars[0]!.openMs,
    lastOpenMs: bars.at(-1)!.openMs,
  };
  return db.transaction().execute(async (trx) => {
    await noteStream(trx, stream);
    const before = await lockWatch(trx, stream);
    const registration =
      chunk.beforeMs === undefined
        ? await registerFile(trx, file, chunk.watermarkMs)
        : await registerEarlier(trx, file, chunk.beforeMs);
    if (!registration.registered) return registration;
    // A deletion of the same bytes in another stream may have come between; from here on it waits for this transaction.
    if (!(await raw.has(stored.sha256))) await raw.write(bars);
    await listFileParts(trx, curated, { fileId: registration.file.file_id, ...known, made });
    await noteTold(trx, stream.stream, chunk, new Date(known.knownMs));
    await noteGaps(trx, stream.stream, chunk.gaps);
    await noteRejections(trx, stream.stream, countedRejections(chunk.rejected));
    await watchBars(trx, stream, { before, bars, at: new Date(known.knownMs) });
    const taken = { stream: stream.stream, chunkSha256: file.sha256, outcome: 'registered' as const };
    const rawLogHash = await origins.record(trx, { ...chunk, ...taken });
    await emitEvent(trx, {
      kind: 'file.registered',
      subject: stream.stream,
      payload: {
        file_id: registration.file.file_id,
        sha256: file.sha256,
        rows: file.rows,
        first_open_ms: file.firstOpenMs,
        last_open_ms: file.lastOpenMs,
        watermark_before_ms: chunk.watermarkMs,
        missing_bars: chunk.gaps.reduce((sum, gap) => sum + gap.missingBars, 0),
        origins: chunk.origins.map(({ origin, sha256 }) => ({ origin, sha256 })),
        raw_log_hash: rawLogHash,
      },
    });
    return registration;
  });
}
