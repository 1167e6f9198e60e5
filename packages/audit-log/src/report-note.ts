import { canonicalJson, sha256Hex } from '@aistock/shared';
import { NoteError, openNote, signNote, type NoteKey } from './signed-note.ts';

const HEAD = 'model report';

/** What a note on the report of a model is over. */
export interface ReportNote {
  readonly modelId: string;
  /** Of the report's canonical JSON. */
  readonly sha256: string;
}

/** Signs the report of a model: a note of three lines, a head, the model and the hash. */
export function signReport({ modelId, sha256 }: ReportNote, signer: NoteKey): string {
  return signNote(`${HEAD}\n${modelId}\n${sha256}\n`, signer);
}

/**
 * Checks a report as ml_service hands it out, of whatever format, against a key.
 * @throws NoteError where it is none, where the note does not hold, or where the note is not over this report.
 */
export function verifyReport(downloaded: unknown, verifier: NoteKey): ReportNote {
  if (!isSigned(downloaded)) throw new NoteError('a signed report has sha256, note and report');
  const { report, note, sha256 } = downloaded;
  const actual = sha256Hex(canonicalJson(report));
  if (sha256 !== actual) throw new NoteError(`the report has SHA-256 ${actual}, not ${sha256}`);
  const [head, modelId = '', signed = '', ...rest] = openNote(note, verifier).split('\n');
  if (head !== HEAD || rest.join() !== '') throw new NoteError('the note is not on the report of a model');
  if (signed !== actual) throw new NoteError(`the note is on a report with SHA-256 ${signed}, not ${actual}`);
  if (modelId !== report.model_id)
    throw new NoteError(`the note is on model ${modelId}, the report on ${report.model_id}`);
  return { modelId, sha256: actual };
}

interface Signed {
  readonly sha256: string;
  readonly note: string;
  readonly report: { readonly model_id: string };
}

function isSigned(value: unknown): value is Signed {
  const { sha256, note, report } = fieldsOf(value);
  return [sha256, note, fieldsOf(report)['model_id']].every((each) => typeof each === 'string');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
