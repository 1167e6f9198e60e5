import type { Trx } from '@aistock/database';
import type { ResponseStore } from '@aistock/lake';
import { appendRawLog, type RawLogEntry } from '@aistock/ledger';
import type { Clock } from '@aistock/service-kit';
import type { Provenance } from '@aistock/venues';

/** A longer URL or path is cut: nothing that a source does may stop a registration. */
const ORIGIN_CHARACTERS_MAX = 4_096;

/** Where a chunk came from, and what became of it. */
export interface ChunkOrigins {
  readonly stream: string;
  /** Of the raw file, or of the refused bytes. */
  readonly chunkSha256: string;
  readonly outcome: 'registered' | 'quarantined';
  /** Which source gave it. */
  readonly source: string;
  readonly origins: readonly Provenance[];
}

/** Keeps the answers that chunks were taken from, as they came, and their records on the raw log. */
export class OriginLog {
  readonly #responses: ResponseStore;
  readonly #clock: Clock;

  constructor(responses: ResponseStore, clock: Clock) {
    this.#responses = responses;
    this.#clock = clock;
  }

  /** Puts the answers on disk. Before the transaction of {@link OriginLog.record}: a row must not be without its bytes. */
  async keep(origins: readonly Provenance[]): Promise<void> {
    for (const { bytes } of origins) if (bytes) await this.#responses.write(bytes);
  }

  /**
   * Puts a chunk's origins on the raw log, in the transaction of its registration, as late in it as can be.
   * @returns the hash of its last record, which stands for the whole log so far; null where nothing was recorded.
   */
  async record(trx: Trx, chunk: ChunkOrigins): Promise<string | null> {
    const sealed = await appendRawLog(trx, entriesOf(chunk), this.#clock.nowMs());
    // A deletion may have removed the same bytes meanwhile; from here on it waits for this transaction.
    for (const { bytes, sha256 } of chunk.origins)
      if (bytes && !(await this.#responses.has(sha256))) await this.#responses.write(bytes);
    return sealed.at(-1)?.recordHash ?? null;
  }
}

function entriesOf({ stream, chunkSha256, outcome, source, origins }: ChunkOrigins): RawLogEntry[] {
  const about = { stream, chunk_sha256: chunkSha256, outcome, source };
  return origins.map(({ requestId, origin, sha256, bytes, status, sourceClockMs, receivedMs }) =>
    bytes === undefined || status === null
      ? {
          kind: 'file',
          ...about,
          path: origin.slice(0, ORIGIN_CHARACTERS_MAX),
          sha256,
          received_ms: receivedMs,
        }
      : {
          kind: 'answer',
          ...about,
          request_id: requestId,
          url: origin.slice(0, ORIGIN_CHARACTERS_MAX),
          status,
          sha256,
          bytes: bytes.length,
          source_clock_ms: sourceClockMs,
          received_ms: receivedMs,
        },
  );
}
