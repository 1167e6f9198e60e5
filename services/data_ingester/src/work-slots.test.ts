import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkSlots } from './work-slots.ts';

test('never more at a time than there are slots, in order, also where work fails', async () => {
  const slots = new WorkSlots(2, 10);
  const started: number[] = [];
  let running = 0;
  const work = (id: number) => async (): Promise<void> => {
    started.push(id);
    running++;
    assert.ok(running <= 2);
    await new Promise(setImmediate);
    running--;
    if (id === 1) throw new Error('broken');
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => slots.run(work(id))));
  assert.deepEqual(started, [0, 1, 2, 3, 4]);
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
});

test('who comes when too many wait is refused at once', async () => {
  const slots = new WorkSlots(1, 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = slots.run(() => promise);
  const second = slots.run(() => Promise.resolve());
  await assert.rejects(
    slots.run(() => Promise.resolve()),
    { code: 'ingest_busy' },
  );
  resolve();
  await Promise.all([first, second]);
  await slots.run(() => Promise.resolve());
});
