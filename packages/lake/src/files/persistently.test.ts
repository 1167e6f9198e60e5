import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { LakeFiles } from './lake-files.ts';
import { persistently } from './persistently.ts';
import { s3Lake } from './s3-lake.ts';

let copiesFolder: string;
const servers: Server[] = [];
before(async () => {
  copiesFolder = await mkdtemp(join(tmpdir(), 'aistock-copies-'));
});
after(() => rm(copiesFolder, { recursive: true, force: true }));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A lake whose storage gives these answers, one after the other, and then the last one for ever. */
async function lakeOf(...answers: RequestListener[]): Promise<{ lake: LakeFiles; asked: () => string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request
      .resume()
      .on('end', () => answers[Math.min(asked.length, answers.length) - 1]?.(request, response));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const lake = s3Lake({ endpoint, bucket: 'b', region: 'us-east-1', ...keys }, copiesFolder);
  return { lake, asked: () => asked };
}

const status =
  (code: number, body = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(code).end(body);
const hangUp: RequestListener = (_, response) => void response.destroy();
const cutShort: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '10' });
  response.write('12345', () => response.destroy());
};

test('trouble that passes is waited out: no answer, one cut short, 503 and 429', async () => {
  const { lake, asked } = await lakeOf(status(503), cutShort, hangUp, status(200, 'whole'));
  assert.equal(Buffer.from(await lake.read('raw/a', 10)).toString(), 'whole');
  assert.equal(asked().length, 4);
  const other = await lakeOf(status(429), status(200));
  await other.lake.put('raw/a', Buffer.from('x'));
  assert.deepEqual(other.asked(), ['PUT /b/raw/a', 'PUT /b/raw/a']);
});

test('after four attempts the trouble is told', async () => {
  const { lake, asked } = await lakeOf(status(500));
  await assert.rejects(lake.exists('raw/a'), { name: 'StorageError', status: 500 });
  assert.equal(asked().length, 4);
});

test('a refusal is told at once, and a signed request is not sent on', async () => {
  const { lake, asked } = await lakeOf(status(403));
  await assert.rejects(lake.put('raw/a', Buffer.from('x')), { name: 'StorageError', status: 403 });
  assert.equal(asked().length, 1);
  const sentOn = await lakeOf((_, response) => response.writeHead(307, { location: '/b/elsewhere' }).end());
  await assert.rejects(sentOn.lake.remove('raw/a'), { name: 'StorageError' });
  assert.ok(!sentOn.asked().some((line) => line.includes('elsewhere')));
});

test('what is wrong with us passes as it came, once', async () => {
  let attempts = 0;
  const wrong = new RangeError('ours');
  const request = () => {
    attempts += 1;
    return Promise.reject(wrong);
  };
  await assert.rejects(persistently('x', request), wrong);
  assert.equal(attempts, 1);
});
