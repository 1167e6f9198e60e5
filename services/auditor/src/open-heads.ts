import { NoteError, openCheckpoint, type Finding, type NoteKey, type TreeHead } from '@aistock/audit-log';
import type { CheckpointRow } from '@aistock/database';

export interface StoredCheckpoints {
  /** By tree size. */
  readonly rows: readonly CheckpointRow[];
  readonly notes: readonly string[];
  /** False where the file has lost something that was written. */
  readonly intact: boolean;
}

/** The tree heads of all stored checkpoints whose signature holds, and the first one that is not as it was signed. */
export function openHeads(
  { rows, notes, intact }: StoredCheckpoints,
  verifier: NoteKey,
): { heads: TreeHead[]; finding: Finding | undefined } {
  const opened = new Map<string, TreeHead | undefined>();
  for (const note of [...notes, ...rows.map((row) => row.note)])
    if (!opened.has(note)) opened.set(note, tryOpen(note, verifier));
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
