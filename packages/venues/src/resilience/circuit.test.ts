import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError, type SourceErrorCode } from '../bar-source.ts';
import { circuit, type Circuit } from './circuit.ts';

const MINUTE_MS = 60_000;

function rig(): { breaker: Circuit; passMs: (ms: number) => void } {
  let nowMs = 1000;
  return { breaker: circuit('venue', () => nowMs), passMs: (ms) => (nowMs += ms) };
}

async function failWith(breaker: Circuit, code: SourceErrorCode, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await assert.rejects(
      breaker.run(() => Promise.reject(new SourceError(code, 'x'))),
      { code },
    );
  }
}
const succeed = (breaker: Circuit) => breaker.run(() => Promise.resolve('well'));
const refused = (breaker: Circuit) =>
  assert.rejects(
    breaker.run(() => assert.fail('was let through')),
    { code: 'breaker_open' },
  );

test('opens after five failures in a row, not after five in all', async () => {
  const { breaker } = rig();
  await failWith(breaker, 'source_unreachable', 4);
  await succeed(breaker);
  await failWith(breaker, 'malformed_data', 4);
  assert.equal(await succeed(breaker), 'well');
  await failWith(breaker, 'source_unreachable', 5);
  await refused(breaker);
  assert.deepEqual(breaker.state(), { kind: 'open', failures: 5, untilMs: 1000 + MINUTE_MS });
});

test('a refusal says for how long', async () => {
  const { breaker, passMs } = rig();
  await failWith(breaker, 'source_unreachable', 5);
  passMs(10_000);
  await assert.rejects(succeed(breaker), { code: 'breaker_open', retryAfterMs: 50_000 });
});

test('what is no failure neither opens it nor counts as a success', async () => {
  const { breaker } = rig();
  await failWith(breaker, 'source_unreachable', 4);
  for (const code of ['unknown_instrument', 'rate_limited', 'source_refused', 'budget_unavailable'] as const)
    await failWith(breaker, code, 10);
  await assert.rejects(
    breaker.run(() => Promise.reject(new TypeError('a mistake'))),
    TypeError,
  );
  await breaker.run(() => Promise.resolve('a clock'), 'neither');
  assert.deepEqual(breaker.state(), { kind: 'closed', failures: 4 });
  await failWith(breaker, 'source_stuck');
  await refused(breaker);
});

test('after a minute one probe goes, and its success closes', async () => {
  const { breaker, passMs } = rig();
  await failWith(breaker, 'source_unreachable', 5);
  passMs(MINUTE_MS - 1);
  await refused(breaker);
  passMs(1);
  const answer = Promise.withResolvers<string>();
  const probe = breaker.run(() => answer.promise);
  assert.equal(breaker.state().kind, 'half_open');
  await refused(breaker);
  answer.resolve('well');
  assert.equal(await probe, 'well');
  assert.deepEqual(breaker.state(), { kind: 'closed', failures: 0 });
});

test('a probe that fails opens for another minute', async () => {
  const { breaker, passMs } = rig();
  await failWith(breaker, 'source_unreachable', 5);
  passMs(MINUTE_MS);
  await failWith(breaker, 'source_unreachable');
  passMs(MINUTE_MS - 1);
  await refused(breaker);
  passMs(1);
  await succeed(breaker);
  await succeed(breaker);
});

test('a probe that says nothing makes room for another one at once', async () => {
  const { breaker, passMs } = rig();
  await failWith(breaker, 'source_unreachable', 5);
  passMs(MINUTE_MS);
  await failWith(breaker, 'rate_limited');
  await breaker.run(() => Promise.resolve('a clock'), 'neither');
  assert.equal(breaker.state().kind, 'open');
  await succeed(breaker);
  assert.equal(breaker.state().kind, 'closed');
});

test('a probe that never ends is given up after a minute', async () => {
  const { breaker, passMs } = rig();
  await failWith(breaker, 'source_unreachable', 5);
  passMs(MINUTE_MS);
  void breaker.run(() => new Promise(() => undefined));
  passMs(MINUTE_MS - 1);
  await refused(breaker);
  passMs(1);
  await succeed(breaker);
  assert.equal(breaker.state().kind, 'closed');
});

test('calls that left before it opened change nothing once it is open', async () => {
  const { breaker } = rig();
  const early = Promise.withResolvers<string>();
  const late = breaker.run(() => early.promise);
  await failWith(breaker, 'source_unreachable', 5);
  early.resolve('well');
  await late;
  await refused(breaker);
});
