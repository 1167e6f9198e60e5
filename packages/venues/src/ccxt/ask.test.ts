import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError } from '../bar-source.ts';
import { asking } from './ask.ts';

/** By its name one of ccxt's. */
class RateLimitExceeded extends Error {}

const world = { chance: () => 0, nowMs: () => 0, sleep: () => Promise.resolve() };
const terms = { attemptsMax: 3, baseMs: 1, capMs: 1, totalMs: 10 };

for (const [what, error, told] of [
  ['said in an answer', new RateLimitExceeded('EAPI:Rate limit exceeded'), 1],
  ['that lasts too long', new SourceError('rate_limited', 'slow', { retryAfterMs: 60_000 }), 0],
  ['of something else', new SourceError('source_refused', 'no'), 0],
] as const) {
  test(`a limit ${what} is ${told === 0 ? 'not ' : ''}told on`, async () => {
    let limited = 0;
    const ask = asking({
      retryWorld: world,
      retryTerms: terms,
      onLimited: () => {
        limited++;
        return Promise.resolve();
      },
    });
    await assert.rejects(
      ask('asking', () => Promise.reject(error)),
      SourceError,
    );
    assert.equal(limited, told);
  });
}
