/** CSV text that cannot be read as bars: where, and what is wrong there. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  /** Counts from 1; the header is line 1. */
  readonly line: number;
  /** The column's name; undefined where the line as a whole is wrong. */
  readonly field: string | undefined;
  constructor(line: number, field: string | undefined, what: string) {
    super(`line ${line}${field === undefined ? '' : `, field ${field}`} ${what}`);
    this.line = line;
    this.field = field;
  }
}
