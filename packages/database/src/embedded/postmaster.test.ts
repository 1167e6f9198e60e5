import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePidFile } from './postmaster.ts';

const RUNNING = '4711\n/data/pg\n1795220000\n5433\n\n127.0.0.1\n  1234567         3\nready   \n';

test('a pid file tells process, port and readiness', () => {
  assert.deepEqual(parsePidFile(RUNNING), { pid: 4711, port: 5433, ready: true });
  assert.deepEqual(parsePidFile(RUNNING.replace('ready', 'starting')), {
    pid: 4711,
    port: 5433,
    ready: false,
  });
});

test('a file that was cut names no server', () => {
  for (const text of ['', '47', 'x\n/data\n1\n5433\n', '-1\n/data\n1\n5433\n']) {
    assert.equal(parsePidFile(text), undefined);
  }
});
