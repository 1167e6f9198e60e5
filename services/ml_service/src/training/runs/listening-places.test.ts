import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaces } from './listening-places.ts';

test('there are so many places, and one that is left, however, is free again', async () => {
  const places = createPlaces(2);
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const held = [places(() => first.promise), places(() => second.promise)];
  await assert.rejects(
    places(async () => 'third'),
    { code: 'event_streams_too_many', status: 429 },
  );
  first.resolve('done');
  assert.equal(await held[0], 'done');
  assert.equal(await places(async () => 'third'), 'third');
  second.reject(new Error('left'));
  await assert.rejects(held[1]!, /left/);
  assert.equal(await places(async () => 'fourth'), 'fourth');
});
