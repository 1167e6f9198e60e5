import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { signReport, verifyReport } from './report-note.ts';
import { NoteError, signNote } from './signed-note.ts';

const signer = { name: 'example.com/models', key: generateKeyPairSync('ed25519').privateKey };
const report = { model_id: '842fb970-0670-4f4d-b39a-f450aa793ed6', gates: [{ name: 'finite', value: 0.1 }] };
const sha256 = sha256Hex(canonicalJson(report));
const signed = { sha256, note: signReport({ modelId: report.model_id, sha256 }, signer), report };

test('a report verifies however its JSON is laid out', () => {
  assert.deepEqual(verifyReport(signed, signer), { modelId: report.model_id, sha256 });
  const { gates, ...rest } = report;
  const turned = { report: { gates, ...rest }, note: signed.note, sha256, verifier_key: 'of no weight' };
  assert.equal(verifyReport(JSON.parse(JSON.stringify(turned, null, 2)), signer).sha256, sha256);
});

test('no character of it can be changed', () => {
  const text = JSON.stringify(signed);
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === '7' ? '8' : '7';
    const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
    if (changed === text || !isJson(changed)) continue;
    assert.throws(() => verifyReport(JSON.parse(changed), signer), NoteError, changed);
  }
});

test('a note on something else, or of another key, does not hold', () => {
  const stranger = { name: signer.name, key: generateKeyPairSync('ed25519').privateKey };
  assert.throws(() => verifyReport(signed, stranger), /not signed by example.com/);
  const other = { ...report, model_id: '00000000-0000-4000-8000-000000000000' };
  const moved = { ...signed, report: other, sha256: sha256Hex(canonicalJson(other)) };
  assert.throws(() => verifyReport(moved, signer), /the note is on a report with/);
  const ofAnother = signReport({ modelId: other.model_id, sha256 }, signer);
  assert.throws(() => verifyReport({ ...signed, note: ofAnother }, signer), /the note is on model/);
  const checkpoint = signNote(`example.com/audit\n4\n${sha256}\n`, signer);
  assert.throws(() => verifyReport({ ...signed, note: checkpoint }, signer), /not on the report/);
  for (const none of [null, 'text', {}, { ...signed, report: null }])
    assert.throws(() => verifyReport(none, signer), NoteError);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
