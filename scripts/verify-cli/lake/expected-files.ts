import { quarantinePath, rawPath, responsePath } from '@aistock/lake';
import type { RawLogPlace, RawRecord } from '@aistock/ledger';

/** A file that the lake must have, by what the raw log, the ledger and the curated store say. */
export interface ExpectedFile {
  /** The record that named it first; null for one that only a table of the database names. */
  readonly day: string | null;
  readonly position: number | null;
  /** A deletion was recorded after it was named last: it may be gone. */
  deleted: boolean;
  seen: boolean;
}

/** What the lake must hold, as the records of the raw log say it one after the other. */
export class ExpectedFiles {
  readonly #files = new Map<string, ExpectedFile>();
  readonly #deletions = new Set<string>();
  /** Where the last record that was applied stands in the raw log. */
  lastApplied: RawLogPlace | undefined;

  get size(): number {
    return this.#files.size;
  }

  /** Records in their order: bytes that come again after a deletion must be there again. */
  apply(record: RawRecord): void {
    this.lastApplied = { day: record.day, position: record.position };
    if (record.kind === 'deletion') {
      this.#deletions.add(`${record.stream} ${record.chunk_sha256}`);
      for (const path of record.paths) this.expect(path, record).deleted = true;
      return;
    }
    if (record.kind === 'answer') this.expect(responsePath(record.sha256), record).deleted = false;
    const chunkPath = record.outcome === 'registered' ? rawPath : quarantinePath;
    this.expect(chunkPath(record.chunk_sha256), record).deleted = false;
  }

  expect(path: string, named: { readonly day: string; readonly position: number } | null): ExpectedFile {
    const known = this.#files.get(path);
    if (known) return known;
    const { day = null, position = null } = named ?? {};
    const file: ExpectedFile = { day, position, deleted: false, seen: false };
    this.#files.set(path, file);
    return file;
  }

  /** Whether a deletion of the chunk was recorded; its file may still be there for another stream. */
  hasDeletion(stream: string, chunkSha256: string): boolean {
    return this.#deletions.has(`${stream} ${chunkSha256}`);
  }

  find(path: string): ExpectedFile | undefined {
    return this.#files.get(path);
  }

  /** All below a folder. */
  *below(folder: string): Iterable<readonly [path: string, file: ExpectedFile]> {
    for (const entry of this.#files) if (entry[0].startsWith(folder)) yield entry;
  }

  /** How many below a folder are gone, as a record says. */
  countGone(folder: string): number {
    let gone = 0;
    for (const [, file] of this.below(folder)) if (file.deleted && !file.seen) gone += 1;
    return gone;
  }

  /** Files that were not seen and of which no deletion is recorded. */
  *missing(): Iterable<readonly [path: string, file: ExpectedFile]> {
    for (const [path, file] of this.#files) if (!file.seen && !file.deleted) yield [path, file];
  }
}
