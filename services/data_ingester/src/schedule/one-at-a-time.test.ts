import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneAtATime } from './one-at-a-time.ts';

test('many triggers during a run make one more run', async () => {
  const runs: PromiseWithResolvers<void>[] = [];
  const started = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const work = new OneAtATime(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    started[runs.length - 1]?.resolve();
    return run.promise;
  });
  work.trigger();
  await started[0]!.promise;
  for (let i = 0; i < 5; i++) work.trigger();
  assert.equal(runs.length, 1);
  runs[0]!.resolve();
  await started[1]!.promise;
  runs[1]!.resolve();
  await work.drain();
  assert.equal(runs.length, 2);
});

test('draining waits for the run and lets none follow', async () => {
  const run = Promise.withResolvers<void>();
  let runs = 0;
  const work = new OneAtATime(() => {
    runs++;
    return run.promise;
  });
  work.trigger();
  work.trigger();
  const drained = work.drain();
  run.resolve();
  await drained;
  assert.equal(runs, 1);
});
