import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { requireFreePorts } from './free-ports.ts';

test('a port that somebody listens on is named; afterwards it is free', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await assert.rejects(requireFreePorts([port]), new RegExp(`port ${port} is in use`));
  server.close();
  await once(server, 'close');
  await requireFreePorts([port, port]);
});
