import type { Finding } from '@aistock/audit-log';

/** The record is not the one that was signed. Nothing may be appended to it until a person has looked. */
export class RecordBroken extends Error {
  override readonly name = 'RecordBroken';
  readonly finding: Finding;
  constructor(finding: Finding) {
    super(`entry ${finding.index}: ${finding.problem}`);
    this.finding = finding;
  }
}
