import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createLogger, type LogLevel } from './logger.ts';
import { withTrace } from './request-context.ts';
import { Secret } from './secret.ts';

function capture(level: LogLevel = 'debug') {
  const stream = new PassThrough();
  const logger = createLogger({ service: 'engine', level, stream, clock: { nowMs: () => 0 } });
  const lines = (): Record<string, unknown>[] =>
    String((stream.read() as Buffer | null) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines };
}

test('one JSON line an event, with service, level, message, time and fields', () => {
  const { logger, lines } = capture();
  logger.info('file registered', { rows: 5, stream: 'csv:SP500:1d' });
  assert.deepEqual(lines(), [
    {
      at: '1970-01-01T00:00:00.000Z',
      service: 'engine',
      rows: 5,
      stream: 'csv:SP500:1d',
      level: 'info',
      message: 'file registered',
    },
  ]);
});

test('the ids of the request are on each line that is written for it', async () => {
  const { logger, lines } = capture();
  const trace = { requestId: 'request-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  await withTrace(trace, async () => {
    await Promise.resolve();
    logger.warn('inside');
  });
  logger.warn('outside');
  const [inside, outside] = lines();
  assert.equal(inside?.['request_id'], 'request-1');
  assert.equal(inside?.['trace_id'], 'a'.repeat(32));
  assert.ok(outside && !('request_id' in outside));
});

test('an error is told with its stack, its code and its causes', () => {
  const { logger, lines } = capture();
  const cause = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  logger.error('write failed', { error: new Error('outer', { cause }) });
  const error = lines()[0]?.['error'] as Record<string, Record<string, unknown>>;
  assert.equal(error['message'], 'outer');
  assert.match(JSON.stringify(error['stack']), /logger\.test\.ts/);
  assert.equal(error['cause']?.['code'], 'ENOSPC');
  assert.equal(error['cause']['message'], 'no space');
});

test('a canary secret never appears, wherever it hides', () => {
  const { logger, lines } = capture();
  const canary = 'canary-0123456789';
  logger.error(`postgres://u:${canary}@host/db failed`, {
    authorization: `Bearer ${canary}`,
    config: { AUTH_TOKEN_VIEWER: canary, database_password: canary, deep: [{ apiKey: canary }] },
    wrapped: new Secret(canary),
    error: new Error(`connect postgres://u:${canary}@host/db`),
  });
  assert.ok(!JSON.stringify(lines()).includes(canary));
});

test('a line break in a value cannot forge a line', () => {
  const { logger, lines } = capture();
  logger.info('symbol\n{"level":"error"}', { symbol: 'X\r\n{"message":"forged"}' });
  assert.equal(lines().length, 1);
});

test('what cannot be printed as it is does not stop the line', () => {
  const { logger, lines } = capture();
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  logger.info('odd', { circular, big: 1n, bad: new Date(Number.NaN), long: 'x'.repeat(50_000) });
  const [line] = lines();
  assert.equal(line?.['big'], '1');
  assert.equal(String(line?.['long']).length, 10_000);
});

test('the level decides what is written', () => {
  for (const [level, count] of [
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ] as const) {
    const { logger, lines } = capture(level);
    logger.debug('d');
    logger.info('i');
    logger.warn('w');
    logger.error('e');
    assert.equal(lines().length, count, level);
  }
});
