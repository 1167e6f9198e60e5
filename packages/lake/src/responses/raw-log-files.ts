import type { LakeFiles } from '../files/lake-files.ts';

const FOLDER = 'raw-log';
const NAME = /^raw-log\/(\d{4}-\d{2}-\d{2})\/(\d{9})\.ndjson$/;
const POSITION_DIGITS = 9;
/** A record has some 500 bytes; one of a deletion can name hundreds of files. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

/** Records of one file; it is written anew as it grows, so not too many. */
export const RECORDS_PER_FILE = 1_000;

/** One file of the raw log: records of one day, from a multiple of {@link RECORDS_PER_FILE} on. */
export interface RawLogFile {
  readonly path: string;
  readonly day: string;
  /** Position of its first record within the day. */
  readonly first: number;
}

/**
 * The raw log as files of the lake, so that it can be read without the database:
 * `raw-log/<day>/<position of the first record>.ndjson`.
 */
export class RawLogFiles {
  readonly #files: LakeFiles;

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /** Puts the lines of a file, in place of what it held; on disk when this returns. */
  async put(day: string, first: number, lines: readonly string[]): Promise<void> {
    await this.#files.put(this.pathOf(day, first), Buffer.from(lines.map((line) => `${line}\n`).join('')));
  }

  /** The path of the file whose first record has this place. */
  pathOf(day: string, first: number): string {
    return `${FOLDER}/${day}/${String(first).padStart(POSITION_DIGITS, '0')}.ndjson`;
  }

  /** All files, oldest first. */
  async list(): Promise<RawLogFile[]> {
    const found: RawLogFile[] = [];
    for await (const { path } of this.#files.list(FOLDER)) {
      const [, day, first] = NAME.exec(path) ?? [];
      if (day !== undefined && first !== undefined) found.push({ path, day, first: Number(first) });
    }
    return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The lines of a file; a last one that is not ended is one too. */
  async lines({ path }: RawLogFile): Promise<string[]> {
    const text = Buffer.from(await this.#files.read(path, FILE_BYTES_MAX)).toString();
    return text.replace(/\n$/, '').split('\n');
  }
}
