import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { decidePage, type AskedPage, type PageDecision } from './decide-page.ts';

const STEP_MS = 60_000;
const at = (index: number): number => index * STEP_MS;
const bar = (index: number, close = '1'): Bar => ({
  openMs: at(index),
  open: '1',
  high: '1',
  low: '1',
  close,
  volume: '0',
});
const bars = (...indices: number[]): Bar[] => indices.map((index) => bar(index));

/** Asked for the bars from 100 on, the anchor 99 with them, ten in all; it is 1000 now. */
const ASKED: AskedPage = {
  fromMs: at(100),
  stepMs: STEP_MS,
  count: 10,
  clockMs: at(1000),
  anchorKnown: false,
  doubtedMs: undefined,
  manner: { keptBars: undefined, earlierBars: 0, givesAnchor: false, givesWindows: false },
};

function taken(decision: PageDecision): { opens: number[]; next: number; anchored: boolean } {
  assert.equal(decision.kind, 'bars');
  assert.ok(decision.kind === 'bars');
  const opens = decision.bars.map(({ openMs }) => openMs / STEP_MS);
  return { opens, next: decision.nextMs / STEP_MS, anchored: decision.anchored };
}

test('the anchor is left out, what follows is taken, and the next page begins after it', () => {
  const decision = decidePage(ASKED, bars(99, 100, 101, 102));
  assert.deepEqual(taken(decision), { opens: [100, 101, 102], next: 103, anchored: true });
});

test('wrong order, rows that come twice and rows from before are no matter', () => {
  const decision = decidePage(ASKED, bars(102, 98, 100, 101, 100, 99, 102));
  assert.deepEqual(taken(decision), { opens: [100, 101, 102], next: 103, anchored: true });
});

test('two different bars of one time are both left to the quality check', () => {
  const decision = decidePage(ASKED, [bar(99), bar(100), bar(100, '2')]);
  assert.deepEqual(taken(decision).opens, [100, 100]);
});

test('behind the anchor a hole is the source’s own', () => {
  const decision = decidePage(ASKED, bars(99, 107, 108));
  assert.deepEqual(taken(decision).opens, [107, 108]);
});

test('without the anchor a hole is doubted, and fewer bars are asked for', () => {
  const decision = decidePage(ASKED, bars(103, 104, 105, 106, 107, 108));
  assert.deepEqual(decision, { kind: 'doubt', firstMs: at(103), count: 3 });
});

test('the hole is real where fewer bars begin with the same one', () => {
  const decision = decidePage({ ...ASKED, doubtedMs: at(103), count: 3 }, bars(103, 104, 105));
  assert.deepEqual(taken(decision), { opens: [103, 104, 105], next: 106, anchored: false });
});

test('bars that were missing are found by the second question', () => {
  const decision = decidePage({ ...ASKED, doubtedMs: at(103), count: 3 }, bars(100, 101));
  assert.deepEqual(taken(decision).opens, [100, 101]);
});

test('a source that gives its newest bars whatever the time is found out', () => {
  const decision = decidePage({ ...ASKED, doubtedMs: at(990), count: 5 }, bars(995, 996, 997, 998, 999));
  assert.equal(decision.kind, 'stale');
});

test('a source that gives its oldest bars, or the same page again, is found out', () => {
  assert.equal(decidePage(ASKED, bars(1, 2, 3, 4)).kind, 'stale');
  assert.equal(decidePage(ASKED, bars(97, 98, 99)).kind, 'stale');
});

test('Kraken may give one bar more', () => {
  const manner = { ...ASKED.manner, earlierBars: 1 };
  assert.deepEqual(taken(decidePage({ ...ASKED, manner }, bars(98, 99))).opens, []);
  assert.equal(decidePage({ ...ASKED, manner }, bars(97, 98, 99)).kind, 'stale');
});

test('nothing there: on behind what was asked for', () => {
  assert.deepEqual(taken(decidePage(ASKED, [])), { opens: [], next: 109, anchored: false });
  assert.deepEqual(taken(decidePage(ASKED, bars(99))), { opens: [], next: 109, anchored: true });
});

test('a bar that was there before must be there again, where the source gives it', () => {
  const asked = { ...ASKED, anchorKnown: true };
  assert.equal(decidePage(asked, []).kind, 'bars');
  const manner = { ...ASKED.manner, givesAnchor: true };
  assert.equal(decidePage({ ...asked, manner }, []).kind, 'stale');
});

test('what a source is known not to keep is told', () => {
  const manner = { ...ASKED.manner, keptBars: 20 };
  const decision = decidePage({ ...ASKED, manner }, bars(982, 983));
  assert.ok(decision.kind === 'bars');
  assert.deepEqual(decision.unserved, {
    fromMs: at(100),
    toMs: at(982),
    why: 'only the newest 20 bars are kept',
  });
  assert.equal(decidePage({ ...ASKED, manner }, bars(989, 990)).kind, 'doubt');
});

test('a bar of the future does not carry the reading away', () => {
  const decision = decidePage(ASKED, bars(99, 100, 101, 5000));
  assert.deepEqual(taken(decision), { opens: [100, 101, 5000], next: 102, anchored: true });
});
