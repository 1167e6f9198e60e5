import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneAtATime, shareNextRun } from './turns.ts';

test('pieces of work wait for one another, and a failure stays with its caller', async () => {
  const exclusive = oneAtATime();
  const steps: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = exclusive(async () => {
    steps.push('first begins');
    await gate.promise;
    steps.push('first ends');
    throw new Error('first failed');
  });
  const second = exclusive(() => Promise.resolve(steps.push('second')));
  gate.resolve();
  await assert.rejects(first, /first failed/);
  await second;
  assert.deepEqual(steps, ['first begins', 'first ends', 'second']);
});

test('callers that come during a run share one run that begins after they asked', async () => {
  let runs = 0;
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const run = shareNextRun(async () => {
    const mine = runs++;
    await gates[mine]?.promise;
    return mine;
  });
  const first = run();
  await Promise.resolve(); // lets the first run begin
  await Promise.resolve();
  const late = [run(), run(), run()];
  gates[0]?.resolve();
  assert.equal(await first, 0);
  gates[1]?.resolve();
  assert.deepEqual(await Promise.all(late), [1, 1, 1]);
  assert.equal(runs, 2);
});
