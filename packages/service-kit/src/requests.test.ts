import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { Problem } from '@aistock/shared';
import { ask, post, startSample } from '../test/sample-service.ts';

let service: Awaited<ReturnType<typeof startSample>>;
let handled = 0;
before(async () => {
  service = await startSample({
    handlers: {
      write: async ({ body }) => {
        handled += 1;
        return { name: body.name };
      },
    },
  });
});
after(() => service.stop());

/** Asks, expects a problem of this status and code, and answers its wrong fields. */
async function refused(path: string, init: RequestInit | undefined, status: number, code: string) {
  const handledBefore = handled;
  const answer = await ask(service.url + path, init);
  const problem = Problem.parse(answer.json);
  assert.deepEqual([answer.status, problem.status, problem.code], [status, status, code], problem.detail);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(problem.request_id, answer.headers.get('x-request-id'));
  assert.equal(handled, handledBefore, 'the handler ran');
  return { problem, headers: answer.headers, fields: problem.fields ?? [] };
}

test('a good request is parsed and answered with the status of its route', async () => {
  const read = await ask(`${service.url}/thing/trend/BTC-USDT?limit=7`);
  assert.deepEqual([read.status, read.json], [200, { name: 'trend', instrument: 'BTC/USDT', limit: 7 }]);
  const encoded = await ask(`${service.url}/thing/trend/BTC%2FUSDT`);
  assert.equal(encoded.json['instrument'], 'BTC/USDT');
  const written = await ask(`${service.url}/things`, post({ name: 'a' }));
  assert.deepEqual([written.status, written.json], [201, { name: 'a' }]);
});

test('each wrong field is named with what is allowed', async () => {
  const { fields } = await refused(
    '/things',
    post({ name: 'Bad Name', limits: { account: 7 }, extra: 1, amount: '1e5' }),
    400,
    'invalid_request',
  );
  assert.deepEqual(
    fields.toSorted((a, b) => (a.field < b.field ? -1 : 1)),
    [
      { field: 'body.amount', message: 'must be a decimal string such as "12.50"' },
      { field: 'body.extra', message: 'is not known; leave it out' },
      { field: 'body.limits.account', message: 'expected string, received number' },
      { field: 'body.name', message: 'must be a name such as trend_following' },
    ],
  );
});

test('a missing body is a missing body', async () => {
  const { fields } = await refused('/things', { method: 'POST' }, 400, 'invalid_request');
  assert.deepEqual(fields, [{ field: 'body', message: 'is required: object' }]);
  const empty = await ask(`${service.url}/forever`, post(''));
  assert.equal(empty.status, 200, 'an empty body is none, whatever its type');
  await refused('/forever', post({}), 400, 'invalid_request');
});

test('what a route does not take is refused: unknown or repeated query fields, a body on a read', async () => {
  const repeated = await refused('/thing/a/SP500?limit=1&limit=2', undefined, 400, 'invalid_request');
  assert.equal(repeated.fields[0]?.field, 'query.limit');
  const unknown = await refused('/thing/a/SP500?x=1', undefined, 400, 'invalid_request');
  assert.equal(unknown.fields[0]?.field, 'query.x');
  const onPing = await refused('/ping?x=1', undefined, 400, 'invalid_request');
  assert.equal(onPing.fields[0]?.field, 'query.x');
  assert.equal(await statusOfGetWithBody('/thing/a/SP500'), 400);
});

test('NUL, traversal and broken escapes in names are refused', async () => {
  for (const name of ['%2e%2e%2fetc', '..%2f..%2fpasswd', 'a%00b', '%00', 'a%0d%0ab', '%EF%BC%8E'])
    await refused(`/thing/${name}/SP500`, undefined, 400, 'invalid_request');
  for (const instrument of ['..%2fX', 'BTC%2F..%2F..', 'A%00', 'btc-usdt', 'A'.repeat(30)])
    await refused(`/thing/a/${instrument}`, undefined, 400, 'invalid_request');
  await refused('/thing/%E0%A4%A/SP500', undefined, 400, 'malformed_path');
});

test('only JSON is read, and only so much of it', async () => {
  const text = { ...post({ name: 'a' }), headers: { 'content-type': 'text/plain' } };
  await refused('/things', text, 415, 'unsupported_media_type');
  const form = { ...post('name=a'), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  await refused('/things', form, 415, 'unsupported_media_type');
  await refused(
    '/things',
    post({ name: 'a' }, { 'content-encoding': 'gzip' }),
    415,
    'unsupported_media_type',
  );
  await refused('/things', post({ name: 'a'.repeat(102_400) }), 413, 'body_too_large');
});

test('malformed JSON is malformed, not empty', async () => {
  for (const body of ['{', '{"name":}', 'NaN', '"text"', '7', '{"name":"a"} x', "{'name':'a'}"])
    await refused('/things', post(body), 400, 'malformed_json');
});

test('a prototype cannot be reached through a body', async () => {
  for (const body of [
    '{"name":"a","__proto__":{"admin":true}}',
    '{"name":"a","constructor":{"prototype":{}}}',
  ])
    await refused('/things', post(body), 400, 'invalid_request');
  // A record has no unknown keys to refuse; zod leaves this one out.
  const record = await ask(`${service.url}/things`, post('{"name":"a","notes":{"__proto__":"x"}}'));
  assert.deepEqual([record.status, record.json], [201, { name: 'a' }]);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test('an unknown route is 404, a wrong method is 405 and says which are right', async () => {
  await refused('/nothing', undefined, 404, 'route_unknown');
  const { headers } = await refused('/things', undefined, 405, 'method_not_allowed');
  assert.equal(headers.get('allow'), 'POST');
  await refused('/health', post({}), 405, 'method_not_allowed');
  await refused('/things', { method: 'OPTIONS' }, 405, 'method_not_allowed');
});

test('answers carry the headers of helmet and nothing about express', async () => {
  const { headers } = await fetch(`${service.url}/ping`);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-powered-by'), null);
  assert.equal(headers.get('etag'), null);
});

/** fetch refuses to send a body with GET. */
function statusOfGetWithBody(path: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const call = request(
    service.url + path,
    { headers: { 'content-type': 'application/json' } },
    (response) => {
      response.resume();
      resolve(response.statusCode);
    },
  );
  call.on('error', reject).end('{"name":"a"}');
  return promise;
}

test('work is told when its caller has gone', async () => {
  const begun = Promise.withResolvers<AbortSignal>();
  await using waiting = await startSample({
    handlers: {
      forever: async (_input, { gone }) => {
        begun.resolve(gone);
        await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
        return {};
      },
    },
  });
  const caller = new AbortController();
  const call = fetch(`${waiting.url}/forever`, { method: 'POST', signal: caller.signal });
  const gone = await begun.promise;
  assert.equal(gone.aborted, false);
  caller.abort();
  await assert.rejects(call);
  await new Promise<void>((resolve) => {
    if (gone.aborted) resolve();
    else gone.addEventListener('abort', () => resolve(), { once: true });
  });
});
