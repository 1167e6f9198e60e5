import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { z } from 'zod';
import { CallError, createClient } from './client.ts';
import { READERS, route } from './route.ts';

const api = {
  read: route({
    method: 'GET',
    path: '/thing/:name/:instrument',
    summary: 'Reads.',
    roles: READERS,
    params: z.strictObject({ name: z.string(), instrument: z.string() }),
    query: z.strictObject({ limit: z.string().optional() }),
    response: z.strictObject({ value: z.number() }),
    timeoutMs: 2_000,
  }),
  write: route({
    method: 'POST',
    path: '/things',
    summary: 'Writes.',
    roles: READERS,
    body: z.strictObject({ name: z.string() }),
    response: z.strictObject({ value: z.number() }),
    timeoutMs: 200,
  }),
} as const;

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Reply = (response: ServerResponse, attempt: number) => void;

/** A server that answers as it is told and remembers what it was asked. */
async function startServer(reply: Reply) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      reply(response, seen.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The error that a call ends with. */
async function failure(call: Promise<unknown>): Promise<CallError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError, String(error));
  return error;
}

const READ = { params: { name: 'a b', instrument: 'BTC/USDT' }, query: { limit: '7' } };

test('a call goes to the escaped path with its query, body, token and headers', async () => {
  await using server = await startServer((response) => json(response, 200, { value: 1 }));
  const client = createClient(api, {
    baseUrl: server.url,
    token: 'secret-token',
    headers: () => ({ 'x-request-id': 'request-1' }),
  });
  assert.deepEqual(await client.read(READ), { value: 1 });
  assert.deepEqual(await client.write({ body: { name: 'x' } }), { value: 1 });
  const [read, write] = server.seen;
  assert.equal(read?.url, '/thing/a%20b/BTC%2FUSDT?limit=7');
  assert.equal(read.headers['authorization'], 'Bearer secret-token');
  assert.equal(read.headers['x-request-id'], 'request-1');
  assert.deepEqual([write?.method, write?.url, write?.body], ['POST', '/things', '{"name":"x"}']);
});

test('a read is tried three times at most, where the answer says "not now"', async () => {
  await using server = await startServer((response, attempt) =>
    json(response, attempt < 3 ? 503 : 200, { value: attempt }),
  );
  const client = createClient(api, { baseUrl: server.url });
  assert.deepEqual(await client.read(READ), { value: 3 });

  await using away = await startServer((response) => json(response, 503, {}));
  const error = await failure(createClient(api, { baseUrl: away.url }).read(READ));
  assert.deepEqual([error.status, away.seen.length], [503, 3]);
});

test('a read that was answered is not tried again', async () => {
  for (const status of [400, 401, 404, 409, 500, 507]) {
    await using server = await startServer((response) => json(response, status, {}));
    await failure(createClient(api, { baseUrl: server.url }).read(READ));
    assert.equal(server.seen.length, 1, String(status));
  }
});

test('nothing that changes something is ever sent twice', async () => {
  const replies: Reply[] = [
    (response) => json(response, 503, {}),
    (response) => json(response, 429, {}),
    (response) => response.destroy(),
  ];
  for (const reply of replies) {
    await using server = await startServer(reply);
    await failure(createClient(api, { baseUrl: server.url }).write({ body: { name: 'x' } }));
    assert.equal(server.seen.length, 1);
  }
});

test('a call ends at the time of its route, or of its client where that is shorter', async () => {
  await using server = await startServer(() => undefined);
  for (const [timeoutMs, atMostMs] of [
    [undefined, 1_500],
    [50, 190],
  ] as const) {
    const startMs = performance.now();
    const client = createClient(api, { baseUrl: server.url, ...(timeoutMs && { timeoutMs }) });
    const error = await failure(client.write({ body: { name: 'x' } }));
    assert.equal(error.status, undefined);
    assert.ok(performance.now() - startMs < atMostMs, `${performance.now() - startMs} ms`);
  }
});

test('a problem document comes with the error', async () => {
  const problem = { type: 'x', title: 'Conflict', status: 409, code: 'preset_exists', detail: 'it is there' };
  await using server = await startServer((response) => json(response, 409, problem));
  const error = await failure(createClient(api, { baseUrl: server.url }).write({ body: { name: 'x' } }));
  assert.equal(error.problem?.code, 'preset_exists');
  assert.match(error.message, /preset_exists: it is there/);
});

test('an answer that is not as the contract says is an error, whatever its status', async () => {
  const replies: Reply[] = [
    (response) => json(response, 200, { value: 'text' }),
    (response) => json(response, 200, { value: 1, more: 2 }),
    (response) => json(response, 200, null),
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    (response) => response.writeHead(204).end(),
  ];
  for (const reply of replies) {
    await using server = await startServer(reply);
    const error = await failure(createClient(api, { baseUrl: server.url }).read(READ));
    assert.match(error.message, /something else than its contract/);
  }
});

test('bytes come as they are, and a problem in their place as a problem', async () => {
  const bytes = Uint8Array.of(37, 80, 68, 70, 0, 255, 254, 10);
  const paper = {
    paper: { ...api.read, response: z.instanceof(Uint8Array), contentType: 'application/pdf' },
  } as const;
  const problem = {
    type: 'x',
    title: 'Not Found',
    status: 404,
    code: 'paper_unknown',
    detail: 'it is not there',
  };
  await using server = await startServer((response, attempt) =>
    attempt === 1
      ? response.writeHead(200, { 'content-type': 'application/pdf' }).end(bytes)
      : json(response, 404, problem),
  );
  const client = createClient(paper, { baseUrl: server.url });
  assert.deepEqual(Uint8Array.from(await client.paper(READ)), bytes);
  assert.equal((await failure(client.paper(READ))).problem?.code, 'paper_unknown');
});

test('a redirect is not followed', async () => {
  await using target = await startServer((response) => json(response, 200, { value: 1 }));
  await using server = await startServer((response) => json(response, 302, {}, { location: target.url }));
  const error = await failure(createClient(api, { baseUrl: server.url }).read(READ));
  assert.equal(error.status, 302);
  assert.equal(target.seen.length, 0);
});

test('the token is in no error', async () => {
  await using server = await startServer((response) => json(response, 500, {}));
  const client = createClient(api, { baseUrl: server.url, token: 'canary-token' });
  const error = await failure(client.write({ body: { name: 'x' } }));
  assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes('canary'));
});

test('a name that is missing from the path is an error of the caller, and nothing is sent', async () => {
  await using server = await startServer((response) => json(response, 200, { value: 1 }));
  const client = createClient(api, { baseUrl: server.url });
  const params = { name: 'a' } as { name: string; instrument: string };
  await assert.rejects(client.read({ params, query: {} }), TypeError);
  assert.equal(server.seen.length, 0);
});

test('a call that nobody waits for any more ends at once, connection and all, and is not tried again', async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await startServer((response) => void response.on('close', () => closed.resolve()));
  const ending = new AbortController();
  const ended = failure(createClient(api, { baseUrl: server.url }).read(READ, { signal: ending.signal }));
  setTimeout(() => ending.abort(), 50);
  assert.equal((await ended).status, undefined);
  await closed.promise;
  assert.equal(server.seen.length, 1);
});
