import { closeSync, openSync, writeSync } from 'node:fs';
import type { LogSink } from './log-sink.ts';

/** Characters that are gathered before they are written. */
const BUFFER_CHARACTERS = 1 << 20;

/** A decision log as a file, whole. A run has a thread of its own: it writes as it goes, and holds little of it. */
export class LogFile implements LogSink {
  readonly #file: number;
  #buffer = '';

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(line: string): void {
    this.#buffer += `${line}\n`;
    if (this.#buffer.length >= BUFFER_CHARACTERS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer);
    this.#buffer = '';
  }
}
