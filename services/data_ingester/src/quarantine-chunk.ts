import { quarantineFile, type Registration } from '@aistock/ledger';
import type { RejectionCount } from '@aistock/market';
import { emitEvent } from '@aistock/service-kit';
import type { Keeper, Origins } from './keep-chunk.ts';
import { countedRejections, noteRejections, noteStream } from './market-store.ts';
import type { StreamSpec } from './stream-spec.ts';

const REASON_CHARACTERS_MAX = 1_000;

export interface RefusedChunk extends Origins {
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
  { db, raw, origins }: Keeper,
  stream: StreamSpec,
  chunk: RefusedChunk,
): Promise<Registration> {
  const { rows, firstOpenMs, lastOpenMs, code, detail } = chunk;
  const stored = await raw.quarantine(chunk.bytes, { stream: stream.stream, code, detail });
  await origins.keep(chunk.origins);
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
    await noteRejections(trx, stream.stream, countedRejections(chunk.rejected));
    const taken = { stream: stream.stream, chunkSha256: stored.sha256, outcome: 'quarantined' as const };
    const rawLogHash = await origins.record(trx, { ...chunk, ...taken });
    await emitEvent(trx, {
      kind: 'file.quarantined',
      subject: stream.stream,
      payload: {
        file_id: registration.file.file_id,
        sha256: stored.sha256,
        rows,
        code,
        detail,
        raw_log_hash: rawLogHash,
      },
    });
    return registration;
  });
}
