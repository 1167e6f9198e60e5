import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, sampleApi, startSample } from '../test/sample-service.ts';
import { traceOf } from './request-context.ts';
import { serviceClient } from './service-client.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

test('well-formed ids are taken over, others are made anew; the span is always new', () => {
  const taken = traceOf((name) => (name === 'traceparent' ? TRACEPARENT : 'request-12345'));
  assert.equal(taken.requestId, 'request-12345');
  assert.match(taken.traceparent, new RegExp(`^00-${TRACE_ID}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  for (const text of ['', 'short', 'x'.repeat(65), 'with space', 'line\nbreak', 'a"b,c;d:efgh'])
    assert.match(traceOf(() => text).requestId, /^[0-9a-f-]{36}$/, text);
  const wrong = [
    '',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `ff-${TRACE_ID}-00f067aa0ba902b7-01`,
    `${TRACEPARENT}-more`,
  ];
  for (const text of wrong) {
    const { traceparent } = traceOf(() => text);
    assert.match(traceparent, /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert.ok(!traceparent.includes(TRACE_ID), text);
  }
});

test('the ids go through two services', async () => {
  const seen: { requestId: string; traceparent: string }[] = [];
  await using inner = await startSample({
    handlers: {
      read: async ({ params }, { requestId, traceparent }) => {
        seen.push({ requestId, traceparent });
        return { ...params, limit: null };
      },
    },
  });
  const neighbour = serviceClient(sampleApi, { url: inner.url });
  await using outer = await startSample({
    handlers: {
      write: async ({ body }) => {
        const { name } = await neighbour.read({
          params: { name: body.name, instrument: 'SP500' },
          query: {},
        });
        return { name };
      },
    },
  });
  const headers = { 'x-request-id': 'request-12345', traceparent: TRACEPARENT };
  const response = await fetch(`${outer.url}/things`, post({ name: 'a' }, headers));
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('x-request-id'), 'request-12345');
  assert.equal(seen[0]?.requestId, 'request-12345');
  assert.ok(seen[0]?.traceparent.startsWith(`00-${TRACE_ID}-`));
});
