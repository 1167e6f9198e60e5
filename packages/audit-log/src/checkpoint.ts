import { isHash, type Hash } from './hash.ts';
import { NoteError, openNote, signNote, type NoteKey } from './signed-note.ts';

/** What a checkpoint says: the first `size` entries of the log have this root. */
export interface TreeHead {
  /** Which log: the first line of the checkpoint and the name of its key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

const SIZE = /^(0|[1-9]\d{0,15})$/;
const ROOT_BYTES = 32;
/** One signed checkpoint in a row of them: three lines or more, an empty line, signature lines. */
const ONE_NOTE = /(?:[^\n]+\n){3,}\n(?:\u2014 [^\n]+\n)+/y;

/** Signs a tree head as a C2SP tlog-checkpoint; its origin is the signer's name. */
export function signCheckpoint(head: { size: number; root: Hash }, signer: NoteKey): string {
  if (!Number.isSafeInteger(head.size) || head.size < 0 || !isHash(head.root))
    throw new NoteError('a checkpoint needs a tree size and a root hash');
  const root = Buffer.from(head.root, 'hex').toString('base64');
  return signNote(`${signer.name}\n${head.size}\n${root}\n`, signer);
}

/**
 * What a signed checkpoint says, once its signature holds.
 * @throws NoteError for a malformed note, a wrong signature, or a checkpoint of another log.
 */
export function openCheckpoint(note: string, verifier: NoteKey): TreeHead {
  const [origin = '', size = '', encodedRoot = '', ...extensions] = openNote(note, verifier).split('\n');
  const root = Buffer.from(encodedRoot, 'base64');
  if (origin !== verifier.name) throw new NoteError(`the checkpoint is of another log: ${origin}`);
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size)))
    throw new NoteError('the second line of a checkpoint is the tree size');
  if (root.length !== ROOT_BYTES || root.toString('base64') !== encodedRoot)
    throw new NoteError('the third line of a checkpoint is the root hash in base64');
  if (extensions.pop() !== '' || extensions.includes(''))
    throw new NoteError('a checkpoint has no empty lines');
  return { origin, size: Number(size), root: root.toString('hex') };
}

/**
 * Splits a file of signed checkpoints, one after the other with an empty line between.
 * `length` counts the characters of the complete notes: less than the text's where a write broke off.
 */
export function splitCheckpoints(text: string): { notes: string[]; length: number } {
  const notes: string[] = [];
  let length = 0;
  for (;;) {
    ONE_NOTE.lastIndex = length;
    const note = ONE_NOTE.exec(text)?.[0];
    if (note === undefined) return { notes, length };
    notes.push(note);
    length += note.length;
    if (text[length] === '\n') length++;
  }
}
