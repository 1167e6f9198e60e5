import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { ForbiddenHost, forbidOtherHosts, type HostGuard } from './forbid-other-hosts.ts';

const servers = [createServer(), createServer()].map((server) =>
  server.on('request', (_request, response) => void response.end('here')),
);
const origins: string[] = [];
let guard: HostGuard | undefined;

before(async () => {
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
});
afterEach(() => guard?.lift());
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

const isForbidden = (error: unknown): boolean =>
  error instanceof ForbiddenHost || (error instanceof Error && error.cause instanceof ForbiddenHost);

test('the allowed origin answers, another port of the same machine does not', async () => {
  guard = forbidOtherHosts(origins[0]!);
  assert.equal(await (await fetch(origins[0]!)).text(), 'here');
  await assert.rejects(fetch(origins[1]!), isForbidden);
  await assert.rejects(fetch('http://localhost:8009'), isForbidden);
});

test('no other host is asked for, not even its name', async () => {
  guard = forbidOtherHosts(origins[0]!);
  await assert.rejects(fetch('https://venue.invalid/'), isForbidden);
  const [error] = (await once(get('http://venue.invalid/'), 'error')) as [unknown];
  assert.ok(isForbidden(error), String(error));
  const port = Number(new URL(origins[1]!).port);
  for (const open of [
    () => connect(port, '127.0.0.1'),
    () => connect({ port, host: '127.0.0.1' }),
    () => connect(port),
    () => connectTls(443, 'venue.invalid'),
  ]) {
    const [failure] = (await once(open(), 'error')) as [unknown];
    assert.ok(failure instanceof ForbiddenHost, String(failure));
  }
});

test('a Unix socket is nobody else’s host', async () => {
  guard = forbidOtherHosts(origins[0]!);
  const [error] = (await once(connect('/nowhere/socket'), 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ENOENT');
});

test('lifted, everything is as before', async () => {
  forbidOtherHosts(origins[0]!).lift();
  assert.equal(await (await fetch(origins[1]!)).text(), 'here');
});

test('several origins may be allowed, each with the port of its scheme', async () => {
  guard = forbidOtherHosts(...origins, 'https://[::1]', 'postgres://127.0.0.1/db');
  assert.equal(await (await fetch(origins[1]!)).text(), 'here');
  assert.throws(() => forbidOtherHosts('not a url'), TypeError);
});
