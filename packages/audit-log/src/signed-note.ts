import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

const ED25519_TYPE = 0x01;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 4;
/** Of one note: room for more than the 16 signatures that C2SP asks for. */
const NOTE_CHARACTERS_MAX = 65_536;
/** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_NAME = /^[^\s+]+$/u;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** A note, a key or a checkpoint that is malformed or whose signature does not hold. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/** Who signs: a name such as `aistock.local/audit` and an Ed25519 key. */
export interface NoteKey {
  readonly name: string;
  readonly key: KeyObject;
}

/**
 * The verifier key as text (C2SP signed-note): name, key id and public key joined by `+`.
 * @param signer with its private or its public Ed25519 key.
 * @throws NoteError for a name with spaces or plus signs, or a key of another kind.
 */
export function formatVerifierKey(signer: NoteKey): string {
  const typed = typedPublicKey(signer);
  return `${signer.name}+${keyId(signer.name, typed).toString('hex')}+${typed.toString('base64')}`;
}

/** @throws NoteError unless the text is an Ed25519 verifier key whose id belongs to its name and key. */
export function parseVerifierKey(text: string): NoteKey {
  const [name, id, encoded, ...rest] = splitKey(text.trim());
  const typed = Buffer.from(encoded ?? '', 'base64');
  if (name === undefined || rest.length > 0 || !KEY_NAME.test(name) || typed.toString('base64') !== encoded)
    throw new NoteError('a verifier key is a name, a key id and a base64 key, joined by plus signs');
  if (typed.length !== 1 + PUBLIC_KEY_BYTES || typed[0] !== ED25519_TYPE)
    throw new NoteError('the verifier key is not an Ed25519 key');
  if (keyId(name, typed).toString('hex') !== id)
    throw new NoteError('the key id of the verifier key does not belong to its name and key');
  const der = Buffer.concat([SPKI_PREFIX, typed.subarray(1)]);
  return { name, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/**
 * Signs a text: C2SP signed note with one Ed25519 signature.
 * @param text ends with a newline, holds no other control characters.
 */
export function signNote(text: string, signer: NoteKey): string {
  if (!isNoteText(text))
    throw new NoteError('the text of a note ends with a newline and has no other control characters');
  const id = keyId(signer.name, typedPublicKey(signer));
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), signer.key)]);
  return `${text}\n\u2014 ${signer.name} ${signature.toString('base64')}\n`;
}

/**
 * The text of a note, once the key's signature on it holds. Signatures of other keys are passed over.
 * @throws NoteError where the note is malformed, the key did not sign it, or its signature is wrong.
 */
export function openNote(note: string, verifier: NoteKey): string {
  const { text, signatures } = splitNote(note);
  const id = keyId(verifier.name, typedPublicKey(verifier));
  const own = signatures.filter(
    ({ name, bytes }) => name === verifier.name && bytes.subarray(0, KEY_ID_BYTES).equals(id),
  );
  if (own.length === 0) throw new NoteError(`the note is not signed by ${verifier.name}`);
  for (const { bytes } of own) {
    const signature = bytes.subarray(KEY_ID_BYTES);
    if (signature.length !== SIGNATURE_BYTES || !verify(null, Buffer.from(text), verifier.key, signature))
      throw new NoteError(`the signature of ${verifier.name} does not fit the note`);
  }
  return text;
}

function splitNote(note: string): { text: string; signatures: { name: string; bytes: Buffer }[] } {
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2).split('\n');
  if (
    note.length > NOTE_CHARACTERS_MAX ||
    split < 0 ||
    !isNoteText(text) ||
    lines.pop() !== '' ||
    lines.length === 0
  )
    throw new NoteError('a signed note is a text, an empty line and signature lines');
  const signatures = lines.map((line) => {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? '', 'base64');
    if (name === undefined || bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== encoded)
      throw new NoteError('a signature line of the note is malformed');
    return { name, bytes };
  });
  return { text, signatures };
}

function isNoteText(text: string): boolean {
  if (!text.endsWith('\n') || !text.isWellFormed()) return false;
  return Array.from(text).every((character) => character >= ' ' || character === '\n');
}

/** The key part is base64, which may hold plus signs of its own. */
function splitKey(text: string): (string | undefined)[] {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  return first < 0 || second < 0
    ? [undefined]
    : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

function typedPublicKey({ name, key }: NoteKey): Buffer {
  if (!KEY_NAME.test(name)) throw new NoteError('a key name has no spaces and no plus signs');
  if (key.asymmetricKeyType !== 'ed25519') throw new NoteError('notes are signed with Ed25519 keys only');
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  return Buffer.concat([Buffer.from([ED25519_TYPE]), raw]);
}

/** The first four bytes of SHA-256(name || 0x0A || type || public key). */
function keyId(name: string, typed: Buffer): Buffer {
  return createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, KEY_ID_BYTES);
}
