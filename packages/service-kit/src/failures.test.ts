import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { CallError } from '@aistock/shared';
import { ask, post, startSample } from '../test/sample-service.ts';
import { toServiceError } from './error-mapping.ts';
import { createLogger } from './logger.ts';
import { ServiceError } from './service-error.ts';

const coded = (code: string, extra: object = {}) =>
  Object.assign(new Error(`failed with ${code}`), { code, ...extra });

const meanings: readonly [what: string, error: unknown, status: number, code: string][] = [
  ['a refusal', new ServiceError('preset_unknown', 404, 'no such preset'), 404, 'preset_unknown'],
  ['a refused connection', coded('ECONNREFUSED', { syscall: 'connect' }), 503, 'database_unavailable'],
  [
    'both addresses refused',
    new AggregateError([coded('ECONNREFUSED', { syscall: 'connect' })]),
    503,
    'database_unavailable',
  ],
  ['an ended session', coded('57P01'), 503, 'database_unavailable'],
  ['a statement over its time', coded('57014'), 503, 'database_unavailable'],
  ['a full server', coded('53300'), 503, 'database_unavailable'],
  ['a lost connection', new Error('Connection terminated unexpectedly'), 503, 'database_unavailable'],
  ['no free connection', new Error('timeout exceeded when trying to connect'), 503, 'database_unavailable'],
  ['a wrapped loss', new Error('store', { cause: coded('08006') }), 503, 'database_unavailable'],
  ['a full disk', coded('ENOSPC'), 507, 'disk_full'],
  ['a full disk of Postgres', new Error('store', { cause: coded('53100') }), 507, 'disk_full'],
  ['a constraint', coded('23505'), 500, 'internal_error'],
  ['a missing file', coded('ENOENT', { syscall: 'open' }), 500, 'internal_error'],
  ['a text', 'thrown text', 500, 'internal_error'],
  ['nothing', undefined, 500, 'internal_error'],
  ['a neighbour that is away', new CallError('GET x failed', 'x', {}), 503, 'neighbour_unavailable'],
  ['a neighbour that refuses', new CallError('GET x failed', 'x', { status: 400 }), 502, 'neighbour_failed'],
];

test('each kind of error has one meaning', () => {
  for (const [what, error, status, code] of meanings) {
    const mapped = toServiceError(error);
    assert.deepEqual([mapped.status, mapped.code], [status, code], what);
  }
});

test('an error inside is told in the log, with its request id, and not to the caller', async () => {
  const stream = new PassThrough();
  await using service = await startSample({
    logger: createLogger({ service: 'risk_gate', level: 'info', stream }),
    handlers: {
      write: async () => {
        throw new Error('canary of the inside');
      },
    },
  });
  const { status, json } = await ask(`${service.url}/things`, post({ name: 'a' }));
  assert.equal(status, 500);
  assert.equal(json['code'], 'internal_error');
  assert.doesNotMatch(JSON.stringify(json), /canary|at .*\.ts/);
  const line = String(stream.read())
    .split('\n')
    .find((text) => text.includes('canary of the inside'));
  assert.ok(line?.includes(String(json['request_id'])), line);
});

test('an answer that breaks the contract is held back', async () => {
  await using service = await startSample({
    handlers: { write: async () => ({ name: 'NOT A NAME' }) },
  });
  const { status, json } = await ask(`${service.url}/things`, post({ name: 'a' }));
  assert.deepEqual([status, json['code']], [500, 'contract_broken']);
  assert.ok(!JSON.stringify(json).includes('NOT A NAME'));
});

test('an answer holds only what the contract names', async () => {
  const more = { name: 'a', password: 'canary' };
  await using service = await startSample({ handlers: { write: async () => more } });
  assert.deepEqual((await ask(`${service.url}/things`, post({ name: 'a' }))).json, { name: 'a' });
});

test('a handler that takes too long is told so, and the caller gets 503', async () => {
  const aborted = Promise.withResolvers<unknown>();
  await using service = await startSample({
    handlers: {
      write: (_input, { signal }) => {
        signal.addEventListener('abort', () => aborted.resolve(signal.reason));
        return new Promise(() => undefined);
      },
    },
  });
  const { status, json } = await ask(`${service.url}/things`, post({ name: 'a' }));
  assert.deepEqual([status, json['code']], [503, 'timeout']);
  assert.match(String(json['detail']), /300 ms/);
  assert.ok((await aborted.promise) instanceof ServiceError);
});

test('a handler that fails after its time does not bring the process down', async () => {
  const late = Promise.withResolvers<never>();
  await using service = await startSample({ handlers: { write: () => late.promise } });
  assert.equal((await ask(`${service.url}/things`, post({ name: 'a' }))).status, 503);
  late.reject(new Error('too late'));
  assert.equal((await ask(`${service.url}/ping`)).status, 200);
});

test('a problem carries its own headers', async () => {
  await using service = await startSample({
    handlers: {
      write: async () => {
        throw coded('57P01');
      },
    },
  });
  const { status, headers } = await ask(`${service.url}/things`, post({ name: 'a' }));
  assert.deepEqual([status, headers.get('retry-after')], [503, '1']);
});
