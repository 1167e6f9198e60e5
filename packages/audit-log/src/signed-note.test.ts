// Vectors: the worked examples of C2SP signed-note and tlog-checkpoint, golang.org/x/mod sumdb/note,
// and the test log of transparency-dev/tessera (15 entries, testdata/build_log.sh).
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { openCheckpoint, signCheckpoint, splitCheckpoints } from './checkpoint.ts';
import { append, EMPTY_FRONTIER, rootOf } from './frontier.ts';
import { leafHash } from './hash.ts';
import {
  formatVerifierKey,
  NoteError,
  openNote,
  parseVerifierKey,
  signNote,
  type NoteKey,
} from './signed-note.ts';

const SPEC_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const SPEC_NOTE =
  'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
const PETER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const TESSERA_KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const TESSERA_ENTRIES =
  'one,two,three,four,five,six,seven,eit,nain,ten,ileven,twelf,threeten,fourten,fivten'.split(',');
const TESSERA_ROOT_15 = 'rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=';

function newSigner(name = 'example.com/audit'): NoteKey {
  return { name, key: generateKeyPairSync('ed25519').privateKey };
}

test('the published notes open with their keys and no other', () => {
  assert.equal(openNote(SPEC_NOTE, parseVerifierKey(SPEC_KEY)), 'This is an example message.\n');
  const goNote = `${GO_TEXT}\n${ENOCH_LINE}${PETER_LINE}`;
  assert.equal(openNote(goNote, parseVerifierKey(PETER_KEY)), GO_TEXT);
  assert.throws(() => openNote(SPEC_NOTE, parseVerifierKey(PETER_KEY)), NoteError);
});

test('verifier keys come back as they were written', () => {
  for (const text of [SPEC_KEY, PETER_KEY, TESSERA_KEY])
    assert.equal(formatVerifierKey(parseVerifierKey(text)), text);
});

test('a verifier key that does not fit together is refused', () => {
  const wrong = [
    '',
    'example.com/foo',
    'example.com/foo+530d903a',
    SPEC_KEY.replace('530d903a', '530d903b'),
    SPEC_KEY.replace('foo', 'bar'),
    SPEC_KEY.replace('foo', 'f oo'),
    SPEC_KEY.slice(0, -4),
    SPEC_KEY.replace('+Aek', '+Bek'),
  ];
  for (const text of wrong) assert.throws(() => parseVerifierKey(text), NoteError, text);
});

test('the root and the checkpoint of the tessera test log are reproduced', () => {
  const frontier = TESSERA_ENTRIES.reduce(
    (grown, entry) => append(grown, leafHash(entry)).frontier,
    EMPTY_FRONTIER,
  );
  const root = rootOf(frontier);
  assert.equal(Buffer.from(root, 'hex').toString('base64'), TESSERA_ROOT_15);
  const signer = newSigner('example.com/log/testdata');
  const note = signCheckpoint({ size: 15, root }, signer);
  assert.ok(
    note.startsWith(`example.com/log/testdata\n15\n${TESSERA_ROOT_15}\n\n\u2014 example.com/log/testdata `),
  );
  assert.throws(() => openCheckpoint(note, parseVerifierKey(TESSERA_KEY)), NoteError);
});

test('what is signed opens; a changed text, signature or name does not', () => {
  const signer = newSigner();
  const verifier = parseVerifierKey(formatVerifierKey(signer));
  const note = signNote('first\n\nthird\n', signer);
  assert.equal(openNote(note, verifier), 'first\n\nthird\n');
  const changed = [
    note.replace('third', 'thirD'),
    note.replace(/.{10}\n$/, 'AAAAAAAA==\n'),
    note.replaceAll('example.com/audit', 'example.com/other'),
    note.replace('\n\n\u2014', '\n\u2014'),
    note.slice(0, -1),
    `${note}\n`,
    note.replace('first', 'fi\u0007rst'),
    '',
    '\n\n',
  ];
  for (const text of changed) assert.throws(() => openNote(text, verifier), NoteError, JSON.stringify(text));
  for (const text of ['no newline', 'a\tb\n', 'lone \ud800\n'])
    assert.throws(() => signNote(text, signer), NoteError);
  assert.throws(() => signNote('x\n', newSigner('two words')), NoteError);
});

test('a checkpoint says its size and root, or is refused', () => {
  const signer = newSigner();
  const verifier = parseVerifierKey(formatVerifierKey(signer));
  const root = leafHash('x');
  assert.deepEqual(openCheckpoint(signCheckpoint({ size: 20_852_163, root }, signer), verifier), {
    origin: signer.name,
    size: 20_852_163,
    root,
  });
  const encoded = Buffer.from(root, 'hex').toString('base64');
  const wrong = [
    `other.example\n1\n${encoded}\n`,
    `${signer.name}\n01\n${encoded}\n`,
    `${signer.name}\n-1\n${encoded}\n`,
    `${signer.name}\n9999999999999999\n${encoded}\n`,
    `${signer.name}\n1\n${encoded.slice(4)}\n`,
    `${signer.name}\n1\n`,
    `${signer.name}\n1\n${encoded}\n\nmore\n`,
  ];
  for (const text of wrong)
    assert.throws(() => openCheckpoint(signNote(text, signer), verifier), NoteError, text);
  for (const size of [-1, 0.5, 2 ** 53])
    assert.throws(() => signCheckpoint({ size, root }, signer), NoteError);
  assert.throws(() => signCheckpoint({ size: 1, root: 'abc' }, signer), NoteError);
});

test('a file of checkpoints splits into its notes, up to where a write broke off', () => {
  const signer = newSigner();
  const notes = [0, 1, 2].map((size) => signCheckpoint({ size, root: leafHash(`${size}`) }, signer));
  const file = notes.join('\n');
  assert.deepEqual(splitCheckpoints(file), { notes, length: file.length });
  const whole = `${file}\n`;
  assert.deepEqual(splitCheckpoints(whole + notes[0]?.slice(0, 40)), { notes, length: whole.length });
  assert.deepEqual(splitCheckpoints(''), { notes: [], length: 0 });
});
