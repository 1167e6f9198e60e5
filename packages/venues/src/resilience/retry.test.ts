import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SourceError } from '../bar-source.ts';
import { retried, type RetryTerms, type RetryWorld } from './retry.ts';

const TERMS: RetryTerms = { attemptsMax: 5, baseMs: 100, capMs: 500, totalMs: 2_000 };
const away = new SourceError('source_unreachable', 'away');
const limited = (retryAfterMs?: number) => new SourceError('rate_limited', 'slow down', { retryAfterMs });

/** A world whose clock moves by sleeping only, and what was slept in it. */
function stillWorld(chance: () => number = () => 0.5): RetryWorld & { slept: number[] } {
  const slept: number[] = [];
  let nowMs = 0;
  return {
    slept,
    chance,
    nowMs: () => nowMs,
    sleep: (ms) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

/** Fails with these, one after the other, and then succeeds. */
function failing(...errors: unknown[]): () => Promise<string> {
  const left = [...errors];
  return () => (left.length > 0 ? Promise.reject(left.shift()) : Promise.resolve('done'));
}

test('waits longer and longer, up to the cap, as far as chance has it', async () => {
  const world = stillWorld();
  assert.equal(await retried(failing(away, away, away, away), world, TERMS), 'done');
  assert.deepEqual(world.slept, [50, 100, 200, 250]);
});

test('every wait is within its bounds, and the whole within the time', async () => {
  const property = fc.asyncProperty(
    fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
    async (chances) => {
      const world = stillWorld(() => chances.next().value);
      await assert.rejects(
        retried(failing(...Array.from({ length: 9 }, () => away)), world, TERMS),
        (e) => e === away,
      );
      for (const [i, ms] of world.slept.entries()) assert.ok(ms >= 0 && ms < Math.min(500, 100 * 2 ** i));
      assert.ok(world.slept.length <= 4);
      assert.ok(world.nowMs() <= TERMS.totalMs);
    },
  );
  await fc.assert(property);
});

test('no wait begins that would end after the time', async () => {
  const world = stillWorld();
  await assert.rejects(retried(failing(limited(1_900), limited(100)), world, TERMS), { retryAfterMs: 100 });
  assert.deepEqual(world.slept, [1_950]);
});

test('what the venue asks for comes before the jitter', async () => {
  const world = stillWorld();
  assert.equal(await retried(failing(limited(700)), world, TERMS), 'done');
  assert.deepEqual(world.slept, [750]);
});

test('what is wrong for good is not tried again, nor a limit without a time', async () => {
  for (const error of [
    limited(),
    new SourceError('unknown_instrument', 'none'),
    new SourceError('source_refused', 'no'),
    new SourceError('malformed_data', 'what?'),
    new SourceError('breaker_open', 'left alone', { retryAfterMs: 5 }),
    new TypeError('a mistake'),
  ]) {
    const world = stillWorld();
    await assert.rejects(retried(failing(error), world, TERMS), (thrown) => thrown === error);
    assert.deepEqual(world.slept, []);
  }
});

test('an abort ends it with its reason, before a try and in a wait', async () => {
  const reason = new Error('stopping');
  const abort = new AbortController();
  const world: RetryWorld = {
    ...stillWorld(),
    signal: abort.signal,
    sleep: () => {
      abort.abort(reason);
      return Promise.resolve();
    },
  };
  await assert.rejects(retried(failing(away), world, TERMS), (error) => error === reason);
  await assert.rejects(
    retried(() => assert.fail('tried after the abort'), world, TERMS),
    (error) => error === reason,
  );
});
