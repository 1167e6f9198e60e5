import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Lines of a part of a kept log. */
export const LOG_PART_LINES = 1_000;
/** Lines of a log that are kept in Postgres; the hash is over all of them. */
export const LOG_LINES_MAX = 50_000;

/** Takes the lines of a decision log as they are written. */
export interface LogSink {
  readonly write: (line: string) => void;
}

/** Hashes every line, and keeps the first of them as compressed parts. */
export class KeptLog implements LogSink {
  readonly parts: Uint8Array[] = [];
  lines = 0;
  readonly #hash = createHash('sha256');
  readonly #linesMax: number;
  readonly #also: LogSink | undefined;
  #open: string[] = [];

  /** @param also takes every line as well. */
  constructor(linesMax: number, also?: LogSink) {
    this.#linesMax = linesMax;
    this.#also = also;
  }

  write(line: string): void {
    this.#hash.update(line).update('\n');
    this.#also?.write(line);
    if (this.lines++ >= this.#linesMax) return;
    this.#open.push(line);
    if (this.#open.length === LOG_PART_LINES) this.#close();
  }

  /** Ends the log. */
  end(): { sha256: string; lines: number; lines_kept: number } {
    if (this.#open.length > 0) this.#close();
    return {
      sha256: this.#hash.digest('hex'),
      lines: this.lines,
      lines_kept: Math.min(this.lines, this.#linesMax),
    };
  }

  #close(): void {
    this.parts.push(gzipSync(this.#open.map((line) => `${line}\n`).join('')));
    this.#open = [];
  }
}
