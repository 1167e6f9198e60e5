import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, startSample } from '../test/sample-service.ts';
import { eventText } from './event-stream.ts';

const FIRST = { id: '7', type: 'progress', data: { text: 'a\nb' } };

test('an event is one line of each field, whatever its data holds', () => {
  assert.equal(eventText(FIRST), 'id: 7\nevent: progress\ndata: {"text":"a\\nb"}\n\n');
});

test('events come as they happen, and the answer ends with the handler', async () => {
  const goOn = Promise.withResolvers<void>();
  await using service = await startSample({
    handlers: {
      watch: async (_input, { write, lastEventId }) => {
        await write(eventText(FIRST));
        await goOn.promise;
        return eventText({ id: '8', type: 'after', data: lastEventId ?? null });
      },
    },
  });
  const response = await fetch(`${service.url}/watch`, { headers: { 'last-event-id': '6' } });
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, eventText(FIRST));
  goOn.resolve();
  assert.equal((await reader.read()).value, 'id: 8\nevent: after\ndata: "6"\n\n');
  assert.equal((await reader.read()).done, true);
});

test('whoever left is written to no more', async () => {
  const ended = Promise.withResolvers<unknown>();
  const begun = Promise.withResolvers<void>();
  await using service = await startSample({
    handlers: {
      watch: async (_input, { write, gone }) => {
        await write(eventText(FIRST));
        begun.resolve();
        await new Promise((resolve) => gone.addEventListener('abort', resolve));
        await write(eventText(FIRST)).catch(ended.resolve);
        return '';
      },
    },
  });
  const left = new AbortController();
  const response = await fetch(`${service.url}/watch`, { signal: left.signal });
  await begun.promise;
  const reading = response.text().catch(() => undefined);
  left.abort();
  assert.match(String(await ended.promise), /the caller has gone/);
  await reading;
});

test('a route of another type sends nothing before its answer', async () => {
  await using service = await startSample({
    handlers: {
      write: async ({ body }, { write }) => {
        await assert.rejects(write('early'), TypeError);
        return { name: body.name };
      },
    },
  });
  const response = await fetch(`${service.url}/things`, post({ name: 'a' }));
  assert.deepEqual([response.status, await response.json()], [201, { name: 'a' }]);
});
