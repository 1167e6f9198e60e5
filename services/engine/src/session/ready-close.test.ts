import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStale, isWakeDue, readyClose, type StreamProgress } from './ready-close.ts';

const NOW = { nowMs: 1_000, graceMs: 500, idleMs: 100 };
const stream = (id: string, waitingCloses: readonly number[], nextCloseMs?: number): StreamProgress => ({
  id,
  waitingCloses,
  nextCloseMs,
});

test('without a bar it waits', () => {
  assert.deepEqual(readyClose([stream('a', [], 900)], NOW), { kind: 'wait', untilMs: 1_100 });
});

test('a close waits for the bars of other streams that are due, until the grace is over', () => {
  const streams = [stream('a', [900]), stream('b', [], 900)];
  assert.deepEqual(readyClose(streams, NOW), { kind: 'wait', untilMs: 1_100 });
  assert.deepEqual(readyClose(streams, { ...NOW, nowMs: 1_350 }), { kind: 'wait', untilMs: 1_400 });
  assert.deepEqual(readyClose(streams, { ...NOW, nowMs: 1_400 }), {
    kind: 'trade',
    atMs: 900,
    streams: ['a'],
  });
});

test('a stream that is due later, or of which nothing is known, keeps nobody waiting', () => {
  const streams = [stream('a', [900]), stream('b', [], 901), stream('c', [])];
  assert.deepEqual(readyClose(streams, NOW), { kind: 'trade', atMs: 900, streams: ['a'] });
});

test('bars of one time are traded together', () => {
  const streams = [stream('a', [900]), stream('b', [900, 950]), stream('c', [950])];
  assert.deepEqual(readyClose(streams, NOW), { kind: 'trade', atMs: 900, streams: ['a', 'b'] });
});

test('what later bars of all its streams follow already is passed over', () => {
  const streams = [stream('a', [800, 900]), stream('b', [900])];
  assert.deepEqual(readyClose(streams, NOW), { kind: 'pass', atMs: 800, streams: ['a'] });
});

test('a stream is stale once its next bar is late by more than is allowed', () => {
  const terms = { nowMs: 1_000, staleAfterMs: 100 };
  assert.equal(isStale(stream('a', [], 900), terms), false);
  assert.equal(isStale(stream('a', [], 899), terms), true);
  assert.equal(isStale(stream('a', [899], 899), terms), false);
  assert.equal(isStale(stream('a', []), terms), false);
});

const wakes = (nowMs: number, ...waiting: readonly number[]) =>
  isWakeDue([stream('a', waiting), stream('b', [])], 900, { nowMs, graceMs: 50, staleAfterMs: 200 });

test('the clock decides once every bar of then had time to come, and not long after', () => {
  assert.deepEqual([wakes(949), wakes(950), wakes(1_100), wakes(1_101)], [false, true, true, false]);
  assert.equal(wakes(950, 900), false); // its bar is there
  assert.equal(wakes(950, 899), false); // an earlier one is to be told first
  assert.equal(wakes(950, 901), true);
  const never = isWakeDue([], Infinity, { nowMs: 1_000, graceMs: 0, staleAfterMs: 0 });
  assert.equal(never, false);
});
