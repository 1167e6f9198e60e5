// GET /bars with wait_ms: an answer as soon as there is a bar, whoever registers it, and never a wait without an end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLogger, ServiceError } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import { waitingReaders } from '../src/waiting-readers.ts';
import { createRig, type Rig, type Running } from './rig.ts';

const STREAM = 'csv:SP500:1d';
const UNTIL_MS = Date.UTC(2001, 0, 1);
const WAIT_MS = 20_000;
const CALLERS = 256;

let rig: Rig;
let one: Running;
let two: Running;
before(async () => {
  rig = await createRig();
  one = await rig.start();
  two = await rig.start();
});
after(() => rig.close());

const ingest = async ({ client }: Running, untilMs: number) => {
  const { streams } = await client.ingestOnce({ body: { streams: [STREAM], until_ms: untilMs } });
  assert.equal(streams[0]?.problem, null);
  return streams[0]?.accepted ?? 0;
};
const next = ({ client }: Running, fromMs: number, waitMs: number) =>
  client.bars({ query: { stream: STREAM, from_ms: String(fromMs), wait_ms: String(waitMs), limit: '1' } });
const lastOpenMs = async () =>
  (await one.client.bars({ query: { stream: STREAM, newest: 'true', limit: '1' } })).bars[0]!.open_ms;

test('a caller that waits is answered by the next bar that the process registers, and by that of another', async () => {
  let fromMs = 0;
  for (const [days, by] of [
    [0, one],
    [30, two],
  ] as const) {
    const asked = performance.now();
    const waiting = next(one, fromMs, WAIT_MS);
    assert.ok((await ingest(by, UNTIL_MS + days * 86_400_000)) > 0);
    const { bars } = await waiting;
    assert.ok(bars[0]!.open_ms >= fromMs);
    assert.ok(performance.now() - asked < WAIT_MS / 2);
    fromMs = (await lastOpenMs()) + 1;
  }
});

test('without a new bar the answer is empty when the time is over; with one it comes at once', async () => {
  const last = await lastOpenMs();
  assert.deepEqual((await next(one, last + 1, 50)).bars, []);
  assert.equal((await next(one, last, WAIT_MS)).bars[0]?.open_ms, last);
});

test('a wait for what was known at another time is refused', async () => {
  const query = { stream: STREAM, from_ms: '0', wait_ms: '1' };
  for (const wrong of [
    { ...query, as_of_ms: '1' },
    { ...query, known_ms: '1' },
    { stream: STREAM, wait_ms: '1' },
  ])
    await assert.rejects(
      one.client.bars({ query: wrong }),
      (error) => error instanceof CallError && error.status === 400,
    );
  await assert.rejects(next(one, 0, 25_001), CallError);
});

test('a caller that has gone, and a service that stops, leave nobody waiting; too many are refused', async () => {
  const logger = createLogger({ service: 'data_ingester', level: 'silent' });
  const readers = waitingReaders(rig.database.db, logger);
  const gone = new AbortController();
  const wait = {
    read: () => Promise.resolve([]),
    isEmpty: (answer: readonly never[]) => answer.length === 0,
    waitMs: WAIT_MS,
    signal: gone.signal,
  };
  const all = Array.from({ length: CALLERS }, () =>
    readers.read(STREAM, wait).catch((error: unknown) => error),
  );
  await assert.rejects(
    readers.read(STREAM, wait),
    (error) => error instanceof ServiceError && error.code === 'readers_waiting_max',
  );
  gone.abort(new Error('gone'));
  for (const outcome of await Promise.all(all)) assert.match(String(outcome), /gone/);
  const free = await readers.read(STREAM, { ...wait, waitMs: 1, signal: new AbortController().signal });
  assert.deepEqual(free, []);
  await readers.stopHook.run();
});
