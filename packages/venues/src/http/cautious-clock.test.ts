import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cautiousClock } from './cautious-clock.ts';

test('it goes on with our clock, by the reading of the last three that is the least ahead', () => {
  let nowMs = 100_000;
  const clock = cautiousClock(() => nowMs);
  assert.equal(clock.toldMs(), undefined);
  clock.hear(90_000);
  assert.equal(clock.toldMs(), 90_000);
  nowMs = 100_010;
  clock.hear(5010);
  assert.deepEqual([clock.toldMs(), clock.isSure()], [5010, false]);
  nowMs = 100_020;
  clock.hear(5030);
  assert.deepEqual([clock.toldMs(), clock.isSure()], [5020, true]);
  clock.hear(5030);
  clock.hear(5030);
  assert.equal(clock.toldMs(), 5030);
});

test('it is never ahead of our clock, however often it says so', () => {
  const clock = cautiousClock(() => 1000);
  for (const saidMs of [150_000, 150_000, 150_000]) clock.hear(saidMs);
  assert.equal(clock.toldMs(), 1000);
});
