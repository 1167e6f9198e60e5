import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ask, createSample, post, startSample } from '../test/sample-service.ts';

test('an open request is finished, new connections are refused, then the hooks run in order', async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const order: string[] = [];
  const service = await startSample({
    handlers: {
      write: async ({ body }) => {
        entered.resolve();
        await release.promise;
        order.push('request');
        return { name: body.name };
      },
    },
    onStop: ['loop', 'pool'].map((name) => ({ name, run: async () => void order.push(name) })),
  });
  const open = ask(`${service.url}/things`, post({ name: 'a' }));
  await entered.promise;
  const stopped = service.stop();
  await assert.rejects(fetch(`${service.url}/ping`));
  release.resolve();
  assert.equal((await open).status, 201);
  await stopped;
  assert.deepEqual(order, ['request', 'loop', 'pool']);
});

test('an idle keep-alive connection does not hold the stop up', async () => {
  const service = await startSample();
  const agent = new Agent({ keepAlive: true });
  const call = request(`${service.url}/ping`, { agent }).end();
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
  const silent = connect(Number(new URL(service.url).port), '127.0.0.1');
  await once(silent, 'connect');
  const startMs = performance.now();
  await service.stop();
  assert.ok(performance.now() - startMs < 2_000);
  agent.destroy();
  silent.destroy();
});

test('while it stops, a connection that is open is told that the service is not ready', async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const service = await startSample({
    handlers: {
      write: async ({ body }) => {
        entered.resolve();
        await release.promise;
        return { name: body.name };
      },
    },
  });
  const open = ask(`${service.url}/things`, post({ name: 'a' }));
  await entered.promise;
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /ready HTTP/1.1\r\nhost: x\r\n');
  await ask(`${service.url}/ping`); // by now the server has read the first half
  const stopped = service.stop();
  socket.write('\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 503 .*"ready":false/s);
  release.resolve();
  await open;
  await stopped;
});

test('a hook that fails does not keep the next from running, and a second stop is the first', async () => {
  const ran: string[] = [];
  const service = await startSample({
    onStop: [
      { name: 'bad', run: () => Promise.reject(new Error('no')) },
      { name: 'good', run: async () => void ran.push('good') },
    ],
  });
  await Promise.all([service.stop(), service.stop()]);
  assert.deepEqual(ran, ['good']);
});

test('a service that never listened stops too, and has no URL', async () => {
  const service = createSample();
  assert.throws(() => service.url, /does not listen yet/);
  await service.stop();
});

test('a port that is taken is a clear message', async () => {
  await using first = await startSample();
  const port = new URL(first.url).port;
  await assert.rejects(startSample({ env: { PORT: port } }), {
    name: 'ListenError',
    message: `cannot listen on 127.0.0.1:${port}: another process has this port; stop it, or set PORT`,
  });
});

test('a request that does not end is told so after the grace, and the stop goes on', async () => {
  const entered = Promise.withResolvers<void>();
  await using service = await startSample({
    handlers: {
      forever: () => {
        entered.resolve();
        return new Promise(() => undefined);
      },
    },
  });
  const open = ask(`${service.url}/forever`, { method: 'POST' });
  await Promise.race([entered.promise, open]);
  await service.stop();
  const { status, json } = await open;
  assert.deepEqual([status, json['code']], [503, 'stopping']);
});
