import { NoteError, verifyReport, type NoteKey } from '@aistock/audit-log';
import type { AuditEntry } from '@aistock/shared';

export interface ReportResult {
  readonly verified: boolean;
  readonly model_id: string | null;
  readonly sha256: string | null;
  /** Whether the audit log names it; null where none was given. */
  readonly on_record: boolean | null;
  readonly problem: string | null;
}

/**
 * Checks a downloaded report against a key, and against what an audit log says was written.
 * @param written SHA-256 of reports by the log; undefined where none was given.
 */
export function checkReport(
  text: string,
  key: NoteKey,
  written: ReadonlySet<string> | undefined,
): ReportResult {
  try {
    const { modelId, sha256 } = verifyReport(JSON.parse(text), key);
    const onRecord = written?.has(sha256) ?? null;
    const problem = onRecord === false ? 'the audit log does not name this report' : null;
    return { verified: problem === null, model_id: modelId, sha256, on_record: onRecord, problem };
  } catch (error) {
    if (!(error instanceof NoteError || error instanceof SyntaxError)) throw error;
    return { verified: false, model_id: null, sha256: null, on_record: null, problem: error.message };
  }
}

/** The report that an entry of the log says was written; undefined of every other entry. */
export function reportNamed({ kind, body }: AuditEntry): string | undefined {
  if (kind !== 'model.trained') return undefined;
  const { payload } = JSON.parse(body) as { payload?: { report_sha256?: unknown } };
  const sha256 = payload?.report_sha256;
  return typeof sha256 === 'string' ? sha256 : undefined;
}

export function describeReport(file: string, { verified, model_id, sha256, problem }: ReportResult): string {
  if (!verified) return `${file}: NOT VERIFIED\n${problem}`;
  return `${file}: verified, report of model ${model_id}\nSHA-256 ${sha256}`;
}
