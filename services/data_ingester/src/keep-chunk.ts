import type { Db } from '@aistock/database';
import type { CuratedStore, RawStore } from '@aistock/lake';
import { quarantineFile, registerFile, type Registration } from '@aistock/ledger';
import type { Bar, Gap, RejectionCount, RejectionReason } from '@aistock/market';
import { emitEvent } from '@aistock/service-kit';
import { noteGaps, noteRejections, noteStream } from './market-store.ts';
import type { StreamSpec } from './stream-spec.ts';

/** Where a stream's bars and their record go. */
export interface Keeper {
  readonly db: Db;
  readonly raw: RawStore;
  readonly curated: CuratedStore;
}

interface Origin {
  readonly origin: string;
  readonly sha256: string;
}

export interface SoundChunk {
  /** Ascending, at least one. */
  readonly bars: readonly Bar[];
  readonly gaps: readonly Gap[];
  readonly rejected: readonly RejectionCount[];
  /** The watermark that the chunk was fetched from. */
  readonly watermarkMs: number | null;
  readonly origins: readonly Origin[];
}

/** Not counted: the bar comes again, or came before. */
const PASSING: readonly RejectionReason[] = ['open_bar', 'before_watermark'];
const counted = (rejected: readonly RejectionCount[]): RejectionCount[] =>
  rejected.filter(({ reason }) => !PASSING.includes(reason));

/**
 * Writes the files of a chunk, then its whole record in one transaction. A crash in between leaves files that no row
 * names; the next run writes the same ones again and registers them, or the sweep removes them.
 * @throws RegistrationRefused where the stream has moved on meanwhile; nothing is recorded then.
 */
export async function keepChunk(
  { db, raw, curated }: Keeper,
  stream: StreamSpec,
  chunk: SoundChunk,
): Promise<Registration> {
  const { bars } = chunk;
  const stored = await raw.write(bars);
  await curated.write(stored.sha256, bars);
  const file = {
    stream: stream.stream,
    ...stored,
    rows: bars.length,
    firstOpenMs: bars[0]!.openMs,
    lastOpenMs: bars.at(-1)!.openMs,
  };
  return db.transaction().execute(async (trx) => {
    await noteStream(trx, stream);
    const registration = await registerFile(trx, file, chunk.watermarkMs);
    if (!registration.registered) return registration;
    // A deletion of the same bytes in another stream may have come between; from here on it waits for this transaction.
    if (!(await raw.has(stored.sha256))) await raw.write(bars);
    await noteGaps(trx, stream.stream, chunk.gaps);
    await noteRejections(trx, stream.stream, counted(chunk.rejected));
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
        origins: chunk.origins,
      },
    });
    return registration;
  });
}

export interface RefusedChunk {
  /** As they came. */
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly firstOpenMs: number | null;
  readonly lastOpenMs: number | null;
  readonly rejected: readonly RejectionCount[];
  readonly code: string;
  readonly detail: string;
}

/** Keeps refused bytes with their reason; the watermark stays. The same bytes of a stream are recorded once. */
export async function quarantineChunk(
  { db, raw }: Keeper,
  stream: StreamSpec,
  chunk: RefusedChunk,
): Promise<Registration> {
  const { rows, firstOpenMs, lastOpenMs, code, detail } = chunk;
  const stored = await raw.quarantine(chunk.bytes, { stream: stream.stream, code, detail });
  return db.transaction().execute(async (trx) => {
    await noteStream(trx, stream);
    const registration = await quarantineFile(trx, {
      stream: stream.stream,
      ...stored,
      rows,
      firstOpenMs,
      lastOpenMs,
      reason: `${code}: ${detail}`.slice(0, REASON_CHARACTERS_MAX),
    });
    if (!registration.registered) return registration;
    await noteRejections(trx, stream.stream, counted(chunk.rejected));
    await emitEvent(trx, {
      kind: 'file.quarantined',
      subject: stream.stream,
      payload: { file_id: registration.file.file_id, sha256: stored.sha256, rows, code, detail },
    });
    return registration;
  });
}
const REASON_CHARACTERS_MAX = 1_000;
