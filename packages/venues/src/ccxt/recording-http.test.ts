import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExchangeServer } from '../../test/exchange-server.ts';
import { SourceError } from '../bar-source.ts';
import { recordingHttp } from './recording-http.ts';

const world = { nowMs: 1_700_000_000_000, opens: [] };

test('a host other than the one that is allowed is refused before anything is sent', async () => {
  await using allowed = await startExchangeServer(world);
  await using other = await startExchangeServer(world);
  const http = recordingHttp({ origin: allowed.origin, nowMs: () => 0 });
  assert.equal((await http.fetch(`${allowed.origin}/api/v3/time`, {})).status, 200);
  await assert.rejects(
    http.fetch(`${other.origin}/api/v3/time`, {}),
    (error) => error instanceof SourceError && error.code === 'source_refused',
  );
  assert.deepEqual(other.requests, []);
});

test('answers are recorded by who asked, though the questions cross', async () => {
  await using server = await startExchangeServer(world);
  const http = recordingHttp({ nowMs: () => 0 });
  const ask = (path: string) => http.record(() => http.fetch(server.origin + path, {}));
  const [time, assets] = await Promise.all([ask('/api/v3/time'), ask('/0/public/Assets')]);
  assert.deepEqual(
    [time, assets].map(({ answers }) => answers.map(({ origin }) => new URL(origin).pathname)),
    [['/api/v3/time'], ['/0/public/Assets']],
  );
});

test("the server's clock is that of its last answer", async () => {
  await using server = await startExchangeServer(world);
  let nowMs = 5000;
  const http = recordingHttp({ nowMs: () => nowMs });
  assert.equal(http.serverClockMs(), undefined);
  const response = await http.fetch(`${server.origin}/api/v3/time`, {});
  const dateMs = Date.parse(response.headers.get('date')!);
  nowMs += 1234;
  assert.equal(http.serverClockMs(), dateMs + 1234);
});
