import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsInWindow, type Part, type PartWindow } from './part-window.ts';

/** Ten bars a part: part 0 opens 0 to 9, part 1 opens 10 to 19 and so on; a bar lasts 1. */
const PARTS: Part[] = Array.from({ length: 10 }, (_, index) => ({
  sha256: String(index),
  rows: 10,
  firstOpenMs: index * 10,
  lastOpenMs: index * 10 + 9,
}));
const closeOf = (openMs: number): number => openMs + 1;

function chosen(window: Partial<PartWindow>): string {
  const shuffled = PARTS.toSorted((a, b) => (Number(b.sha256) % 3) - (Number(a.sha256) % 3));
  return partsInWindow(shuffled, { asOfMs: 1000, limit: 1000, ...window }, closeOf)
    .map((part) => part.sha256)
    .join('');
}

test('only parts that overlap the window are read', () => {
  assert.equal(chosen({}), '0123456789');
  assert.equal(chosen({ fromMs: 29, toMs: 40 }), '23');
  assert.equal(chosen({ fromMs: 30, toMs: 41 }), '34');
  assert.equal(chosen({ fromMs: 500 }), '');
  assert.equal(chosen({ fromMs: 50, toMs: 50 }), '');
  assert.equal(chosen({ fromMs: 55, toMs: 56 }), '5');
});

test('a part whose first bar had not closed by then is not read', () => {
  assert.equal(chosen({ asOfMs: 20 }), '01');
  assert.equal(chosen({ asOfMs: 21 }), '012');
  assert.equal(chosen({ asOfMs: 0 }), '');
});

test('the limit ends the search once enough bars are sure', () => {
  assert.equal(chosen({ limit: 10 }), '0');
  assert.equal(chosen({ limit: 11 }), '01');
  assert.equal(chosen({ fromMs: 5, limit: 10 }), '01');
  assert.equal(chosen({ newest: true, limit: 1 }), '9');
  assert.equal(chosen({ newest: true, limit: 1, asOfMs: 45 }), '34');
  assert.equal(chosen({ newest: true, limit: 1, asOfMs: 50 }), '4');
  assert.equal(chosen({ newest: true, limit: 11, toMs: 70 }), '56');
});
