import { openCheckpoint, LogVerifier, NoteError, splitCheckpoints } from '@aistock/audit-log';
import type { Finding, NoteKey, TreeHead } from '@aistock/audit-log';
import { AuditEntry } from '@aistock/shared';
import { UsageError } from './options.ts';

export interface Result {
  readonly verified: boolean;
  /** Entries up to the end or to the first bad one. */
  readonly entries: number;
  /** How many of them the largest checkpoint covers; what comes after is chained but not signed yet. */
  readonly signed: number;
  readonly checkpoints: number;
  readonly root: string;
  readonly first_bad: Finding | null;
}

/**
 * Verifies a log from its lines.
 * @param lines one JSON entry each.
 * @param onEntry - is told each entry that is right where it stands.
 * @param notes signed checkpoints, one after the other.
 * @throws UsageError where there is no checkpoint to hold the log against.
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  notes: string,
  key: NoteKey,
  onEntry: (entry: AuditEntry) => void = () => undefined,
): Promise<Result> {
  const opened = openNotes(notes, key);
  const log = new LogVerifier(opened.heads);
  const entriesFinding = await firstBadLine(lines, log, onEntry);
  const first_bad = opened.finding ?? entriesFinding ?? null;
  return {
    verified: first_bad === null,
    entries: log.size,
    signed: Math.max(0, ...opened.heads.map((head) => head.size)),
    checkpoints: opened.heads.length,
    root: log.root,
    first_bad,
  };
}

async function firstBadLine(
  lines: AsyncIterable<string>,
  log: LogVerifier,
  onEntry: (entry: AuditEntry) => void,
): Promise<Finding | undefined> {
  for await (const line of lines) {
    const entry = AuditEntry.safeParse(parseJson(line));
    if (!entry.success) return { index: log.size, problem: `line ${log.size + 1} is not an entry` };
    const verdict = log.add(entry.data);
    if (verdict.kind === 'bad') return verdict.finding;
    onEntry(entry.data);
  }
  return log.finish();
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no JSON is no entry either
  }
}

function openNotes(text: string, key: NoteKey): { heads: TreeHead[]; finding?: Finding } {
  const { notes, length } = splitCheckpoints(text);
  if (notes.length === 0) throw new UsageError('the file of checkpoints holds no signed checkpoint');
  const heads: TreeHead[] = [];
  const wrong = (problem: string) => ({ heads, finding: { index: heads.at(-1)?.size ?? 0, problem } });
  for (const [place, note] of notes.entries()) {
    try {
      heads.push(openCheckpoint(note, key));
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      return wrong(`checkpoint ${place + 1} does not hold: ${error.message}`);
    }
  }
  return length === text.length
    ? { heads }
    : wrong('the file of checkpoints ends in something else than a checkpoint');
}
