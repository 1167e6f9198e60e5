import { setImmediate } from 'node:timers/promises';
import { NoteError, openCheckpoint, type Finding, type NoteKey, type TreeHead } from '@aistock/audit-log';
import type { CheckpointRow } from '@aistock/database';

export interface StoredCheckpoints {
  /** By tree size. */
  readonly rows: readonly CheckpointRow[];
  readonly notes: readonly string[];
  /** False where the file has lost something that was written. */
  readonly intact: boolean;
}

/** What each note says; undefined for one whose signature does not hold. */
export type OpenedNotes = ReadonlyMap<string, TreeHead | undefined>;

/** Signatures that are checked in one go: some ms, between which the service answers. */
const NOTES_AT_ONCE = 100;

/** Opens those notes that were not opened before. */
export async function openNotes(
  notes: readonly string[],
  verifier: NoteKey,
  before: OpenedNotes = new Map(),
): Promise<OpenedNotes> {
  const opened = new Map(before);
  let checked = 0;
  for (const note of notes) {
    if (opened.has(note)) continue;
    opened.set(note, tryOpen(note, verifier));
    if (++checked % NOTES_AT_ONCE === 0) await setImmediate();
  }
  return opened;
}

/** The tree heads of all stored checkpoints whose signature holds, and the first one that is not as it was signed. */
export function openHeads(
  { rows, notes, intact }: StoredCheckpoints,
  opened: OpenedNotes,
): { heads: TreeHead[]; finding: Finding | undefined } {
  const heads = [...opened.values()].filter((head) => head !== undefined);
  const wrongRow = rows.find((row) => !agrees(row, opened.get(row.note)));
  if (wrongRow !== undefined) {
    const problem = `the stored checkpoint of size ${wrongRow.tree_size} is not as it was signed`;
    return { heads, finding: { index: Math.max(0, wrongRow.tree_size - 1), problem } };
  }
  const wrongNote = notes.findIndex((note) => opened.get(note) === undefined);
  if (wrongNote >= 0) {
    const index = opened.get(notes[wrongNote - 1] ?? '')?.size ?? 0;
    return {
      heads,
      finding: { index, problem: `checkpoint ${wrongNote} of the file is not as it was signed` },
    };
  }
  if (!intact)
    return { heads, finding: { index: 0, problem: 'the file of checkpoints has lost checkpoints' } };
  return { heads, finding: undefined };
}

function tryOpen(note: string, verifier: NoteKey): TreeHead | undefined {
  try {
    return openCheckpoint(note, verifier);
  } catch (error) {
    if (error instanceof NoteError) return undefined;
    throw error;
  }
}

function agrees(row: CheckpointRow, head: TreeHead | undefined): boolean {
  return head !== undefined && head.size === row.tree_size && head.root === row.root;
}
