// Every way to falsify a log of 200 entries is found and named. A rewrite of everything with hashes made anew
// leaves the entries in order among themselves: only what was signed before can show it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, type AuditEntry } from '@aistock/shared';
import type { TreeHead } from './checkpoint.ts';
import { FIRST_PREVIOUS, formatEntry, type EntryBody } from './entry.ts';
import { append, EMPTY_FRONTIER, rootOf } from './frontier.ts';
import { EMPTY_ROOT, leafHash } from './hash.ts';
import { LogVerifier, type Finding } from './log-verifier.ts';

const ENTRIES = 200;
const CHECKPOINT_EVERY = 40;

type Said = Pick<EntryBody, 'kind' | 'subject' | 'payload'>;
const said = (index: number): Said => ({
  kind: 'order.filled',
  subject: `order ${index}`,
  payload: { price: '1.5', index },
});

function writeLog(events: readonly Said[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const [index, event] of events.entries()) {
    const event_id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const prev_sha256 = entries.at(-1)?.leaf_sha256 ?? FIRST_PREVIOUS;
    entries.push(
      formatEntry({
        ...event,
        index,
        event_id,
        service: 'executor',
        occurred_ms: 1_000 + index,
        prev_sha256,
      }),
    );
  }
  return entries;
}

function headsOf(entries: readonly AuditEntry[]): TreeHead[] {
  const heads: TreeHead[] = [{ origin: 'log', size: 0, root: EMPTY_ROOT }];
  let frontier = EMPTY_FRONTIER;
  for (const entry of entries) {
    ({ frontier } = append(frontier, entry.leaf_sha256));
    if (frontier.size % CHECKPOINT_EVERY === 0)
      heads.push({ origin: 'log', size: frontier.size, root: rootOf(frontier) });
  }
  return heads;
}

function verifyLog(entries: readonly AuditEntry[], heads: readonly TreeHead[]): Finding | undefined {
  const verifier = new LogVerifier(heads);
  for (const entry of entries) {
    const verdict = verifier.add(entry);
    if (verdict.kind === 'bad') return verdict.finding;
  }
  return verifier.finish();
}

const events = Array.from({ length: ENTRIES }, (_, index) => said(index));
const log = writeLog(events);
const heads = headsOf(log);
const at = (index: number): AuditEntry => log[index] ?? assert.fail(`no entry ${index}`);

test('a log as it was written verifies, with entries beyond the last checkpoint or without', () => {
  assert.equal(verifyLog(log, heads), undefined);
  assert.equal(verifyLog(log, heads.slice(0, -1)), undefined);
  assert.equal(verifyLog([], heads.slice(0, 1)), undefined);
});

test('an edit of any entry is found at that entry, whichever field it touches', () => {
  const edits: ((entry: AuditEntry) => AuditEntry)[] = [
    (entry) => ({ ...entry, body: entry.body.replace('1.5', '9.5') }),
    (entry) => ({ ...entry, body: entry.body.replace(':', ': ') }),
    (entry) => ({ ...entry, body: `${entry.body.slice(0, -1)},"zeal":1}` }),
    (entry) => ({ ...entry, body: 'null' }),
    (entry) => ({ ...entry, body: '{' }),
    (entry) => ({ ...entry, kind: 'order.denied' }),
    (entry) => ({ ...entry, subject: 'another' }),
    (entry) => ({ ...entry, service: 'engine' }),
    (entry) => ({ ...entry, occurred_ms: 7 }),
    (entry) => ({ ...entry, event_id: '00000000-0000-4000-8000-999999999999' }),
    (entry) => ({ ...entry, leaf_sha256: leafHash('x') }),
  ];
  for (const edit of edits) {
    for (let index = 0; index < ENTRIES; index++)
      assert.equal(verifyLog(log.with(index, edit(at(index))), heads)?.index, index);
  }
});

test('an edit with its own hash made anew is found at the next entry, which names the hash before', () => {
  for (let index = 0; index < ENTRIES - 1; index++) {
    const body = at(index).body.replace('1.5', '9.5');
    const edited = log.with(index, { ...at(index), body, leaf_sha256: leafHash(body) });
    const checkpointed = (index + 1) % CHECKPOINT_EVERY === 0;
    const expected = checkpointed ? index + 1 - CHECKPOINT_EVERY : index + 1;
    assert.equal(verifyLog(edited, heads)?.index, expected);
  }
});

test('an insertion, a deletion and a swap are found where they begin', () => {
  for (let index = 0; index < ENTRIES - 1; index++) {
    assert.equal(verifyLog(log.toSpliced(index, 0, at(index + 1)), heads)?.index, index);
    assert.equal(verifyLog(log.toSpliced(index + 1, 0, at(index)), heads)?.index, index + 1);
    assert.equal(verifyLog(log.toSpliced(index, 1), heads)?.index, index);
    assert.equal(verifyLog(log.with(index, at(index + 1)).with(index + 1, at(index)), heads)?.index, index);
  }
});

test('a log cut at its end is found at the first entry that is missing', () => {
  for (let size = 0; size < ENTRIES; size++) assert.equal(verifyLog(log.slice(0, size), heads)?.index, size);
});

test('a rewrite with all hashes made anew is found by the signed checkpoints and by nothing else', () => {
  for (let index = 0; index < ENTRIES; index++) {
    const rewritten = writeLog(events.with(index, { ...said(index), payload: { price: '9.5', index } }));
    assert.equal(verifyLog(rewritten, []), undefined);
    const provedBefore = index - (index % CHECKPOINT_EVERY);
    assert.equal(verifyLog(rewritten, heads)?.index, provedBefore);
  }
  const signedAnew = headsOf(writeLog(events.with(0, said(7))));
  assert.notEqual(verifyLog(log, signedAnew), undefined);
});

test('two checkpoints of one size with different roots cannot both hold', () => {
  const forked: TreeHead = { origin: 'log', size: CHECKPOINT_EVERY, root: leafHash('x') };
  assert.equal(verifyLog(log, [...heads, forked])?.index, 0);
  assert.equal(verifyLog(log, [{ origin: 'log', size: 0, root: leafHash('x') }])?.index, 0);
});

test('the leaf is the canonical JSON of the whole entry', () => {
  const entry = at(1);
  const { index, event_id, kind, subject, service, occurred_ms } = entry;
  const payload = { index: 1, price: '1.5' };
  const whole = {
    index,
    event_id,
    kind,
    subject,
    service,
    occurred_ms,
    payload,
    prev_sha256: at(0).leaf_sha256,
  };
  assert.equal(entry.body, canonicalJson(whole));
  assert.equal(entry.leaf_sha256, leafHash(entry.body));
});
