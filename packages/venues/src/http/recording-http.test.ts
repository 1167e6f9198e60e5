import assert from 'node:assert/strict';
import { test } from 'node:test';
import axios from 'axios';
import { startExchangeServer } from '../../test/exchange-server.ts';
import { SourceError, type SourceErrorCode } from '../bar-source.ts';
import { unpaced, type PacedAnswer, type PacedRequest } from '../pacing/pacer.ts';
import { recordingHttp, type HttpTerms, type RecordingHttp } from './recording-http.ts';

const world = { nowMs: 1_700_000_000_000, opens: [] };
let requests = 0;

function open(origin: string, terms: Partial<HttpTerms> = {}): RecordingHttp {
  return recordingHttp({
    venue: 'test',
    origins: [origin],
    pacer: unpaced,
    nowMs: () => 0,
    newRequestId: () => `request-${++requests}`,
    ...terms,
  });
}

function isSourceError(code: SourceErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof SourceError && error.code === code;
}

test('a host other than the one that is allowed is refused before anything is sent', async () => {
  await using allowed = await startExchangeServer(world);
  await using other = await startExchangeServer(world);
  const http = open(allowed.origin);
  assert.equal((await http.fetch(`${allowed.origin}/api/v3/time`, {})).status, 200);
  await assert.rejects(http.fetch(`${other.origin}/api/v3/time`, {}), isSourceError('source_refused'));
  assert.deepEqual(other.requests, []);
});

test('answers are recorded by who asked, though the questions cross', async () => {
  await using server = await startExchangeServer(world);
  const http = open(server.origin);
  const ask = (path: string) => http.record(() => http.fetch(server.origin + path, {}));
  const [time, assets] = await Promise.all([ask('/api/v3/time'), ask('/0/public/Assets')]);
  assert.deepEqual(
    [time, assets].map(({ answers }) => answers.map(({ origin }) => new URL(origin).pathname)),
    [['/api/v3/time'], ['/0/public/Assets']],
  );
});

test("the server's clock is that of its last answer", async () => {
  await using server = await startExchangeServer(world);
  let nowMs = Date.UTC(2100, 0, 1);
  const http = open(server.origin, { nowMs: () => nowMs });
  assert.equal(http.serverClockMs(), undefined);
  const response = await http.fetch(`${server.origin}/api/v3/time`, {});
  const dateMs = Date.parse(response.headers.get('date')!);
  nowMs += 1234;
  assert.equal(http.serverClockMs(), dateMs + 1234);
});

test('an answer is recorded with its request, both clocks and no secret', async () => {
  await using server = await startExchangeServer(world);
  const http = open(server.origin, { nowMs: () => 77, newRequestId: () => 'the-request' });
  const { answers } = await http.record(() =>
    http.fetch(
      `${server.origin}/api/v3/time?symbol=IBM&apikey=HIDDEN&API_KEY=HIDDEN&x-token=kept&Crumb=HIDDEN`,
    ),
  );
  const [answer] = answers;
  assert.ok(answer);
  assert.equal(answer.origin, `${server.origin}/api/v3/time?symbol=IBM&x-token=kept`);
  assert.deepEqual([answer.requestId, answer.status, answer.receivedMs], ['the-request', 200, 77]);
  assert.ok(Math.abs(answer.sourceClockMs! - Date.parse(new Date().toUTCString())) <= 5000);
  assert.equal(Buffer.from(answer.bytes!).toString(), '{"serverTime":1700000000000}');
});

test('a request is paid for before it is sent, and its answer told, also when it is a refusal', async () => {
  await using server = await startExchangeServer(world);
  const taken: PacedRequest[] = [];
  const noted: PacedAnswer[] = [];
  const pacer = {
    take: (request: PacedRequest) => {
      if (taken.push(request) > 2) throw new SourceError('rate_limited', 'the budget is spent');
      return Promise.resolve();
    },
    note: (answer: PacedAnswer) => {
      noted.push(answer);
      return Promise.resolve();
    },
  };
  const http = open(server.origin, { pacer, weightOf: (url) => url.pathname.length });
  await http.fetch(`${server.origin}/api/v3/time`);
  server.planned.push({ status: 429, body: '{}', headers: { 'retry-after': '7' } });
  await assert.rejects(http.fetch(`${server.origin}/api/v3/time`), {
    code: 'rate_limited',
    retryAfterMs: 7000,
  });
  await assert.rejects(http.fetch(`${server.origin}/api/v3/time`), isSourceError('rate_limited'));
  assert.deepEqual(
    taken.map(({ venue, weight, priority }) => [venue, weight, priority]),
    taken.map(() => ['test', 12, 'data']),
  );
  assert.deepEqual(
    noted.map(({ status }) => status),
    [200, 429],
  );
  assert.equal(server.requests.length, 2);
});

test('no answer in time, none at all, and one that is cut off are all unreachable', async () => {
  await using server = await startExchangeServer(world);
  const http = open(server.origin, { timeoutMs: 100 });
  server.planned.push({ status: 0, body: '' });
  await assert.rejects(http.fetch(`${server.origin}/api/v3/time`), isSourceError('source_unreachable'));
  server.planned.push({ status: -1, body: '' });
  await assert.rejects(http.fetch(`${server.origin}/api/v3/time`), isSourceError('source_unreachable'));
  server.planned.push({ status: 200, body: '{"serv', headers: { 'content-length': '100' } });
  await assert.rejects(http.fetch(`${server.origin}/api/v3/time`), isSourceError('source_unreachable'));
});

test('an answer that is no JSON is an error that holds it, unless something else is expected', async () => {
  await using server = await startExchangeServer(world);
  const url = `${server.origin}/api/v3/time?token=HIDDEN`;
  server.planned.push({ status: 200, body: '<html>' }, { status: 200, body: '<html>' });
  const http = open(server.origin);
  await assert.rejects(
    http.record(() => http.fetch(url)),
    (error) => {
      assert.ok(error instanceof SourceError);
      assert.equal(Buffer.from(error.bytes!).toString(), '<html>');
      assert.doesNotMatch(error.message, /HIDDEN/);
      return error.code === 'malformed_data';
    },
  );
  const text = open(server.origin, { answersAreJson: false });
  assert.equal(await (await text.fetch(url)).text(), '<html>');
});

test('it serves those who bring a Request, such as axios, and keeps cookies', async () => {
  await using server = await startExchangeServer(world);
  const http = open(server.origin);
  const cookies: [string, string][] = [
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ];
  server.planned.push({ status: 200, body: '{}', headers: cookies.flat() });
  const { data, headers } = await axios.get<unknown>(`${server.origin}/api/v3/time`, {
    adapter: 'fetch',
    env: { fetch: http.fetch },
  });
  assert.deepEqual([data, headers['set-cookie']], [{}, ['a=1', 'b=2']]);
});

test('a redirect is not followed', async () => {
  await using server = await startExchangeServer(world);
  server.planned.push({ status: 302, body: '', headers: { location: '/api/v3/time' } });
  await assert.rejects(open(server.origin).fetch(`${server.origin}/x`), isSourceError('source_unreachable'));
  assert.equal(server.requests.length, 1);
});
