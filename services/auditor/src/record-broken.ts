import type { Finding } from '@aistock/audit-log';

/**
 * The head of the record is not the one that was signed: nothing can be appended to it until a person has looked. An
 * edit further back is found by the verification; events are still appended behind it, so that none is lost, and the
 * signed checkpoints before and after it bound what was touched.
 */
export class RecordBroken extends Error {
  override readonly name = 'RecordBroken';
  readonly finding: Finding;
  constructor(finding: Finding) {
    super(`entry ${finding.index}: ${finding.problem}`);
    this.finding = finding;
  }
}
