/** Something that is not as it should be. */
export interface Finding {
  /** Of the record that is wrong, or that names the file; UTC, such as `2024-01-31`. Null where no record says. */
  readonly day: string | null;
  readonly position: number | null;
  /** The file of the lake that is wrong, or that holds the record; null for a record of the database. */
  readonly path: string | null;
  readonly problem: string;
}

/** Told one by one at most; the rest is counted. */
const FINDINGS_MAX = 1_000;

/** Collects what was found. */
export class Findings {
  readonly told: Finding[] = [];
  total = 0;

  add(finding: Finding): void {
    this.total += 1;
    if (this.told.length < FINDINGS_MAX) this.told.push(finding);
  }
}
