import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverArguments } from './server-arguments.ts';

test('a server listens on loopback alone, without a socket file', () => {
  const args = serverArguments({ port: 5433, settings: { work_mem: '8MB' } });
  for (const setting of [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'port=5433',
    'work_mem=8MB',
  ]) {
    assert.ok(args.includes(setting), setting);
  }
  assert.ok(!args.some((arg) => arg.startsWith('fsync')));
});

test('only a throwaway server may lose committed data', () => {
  for (const [name, value] of [
    ['fsync', 'off'],
    ['full_page_writes', 'FALSE'],
    ['synchronous_commit', 'local'],
  ] as const) {
    assert.throws(() => serverArguments({ port: 1, settings: { [name]: value } }), RangeError);
  }
  assert.ok(serverArguments({ port: 1, throwaway: true }).includes('fsync=off'));
});
