import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { z } from 'zod';
import { ConfigError, describeConfig, isLoopback, loadConfig, type Env } from './config.ts';
import { baseEnv, envFlag, envInt, envNumber, envPeer, envSecret } from './env.ts';

const schema = z.object({
  ...baseEnv,
  ROWS_MAX: envInt(1, 500).default(100),
  SHARE: envNumber(0, 1).default(0.5),
  EXACTLY_ONCE: envFlag().default(false),
  ML_SERVICE_URL: envPeer('ml_service'),
  VENUE_API_KEY: envSecret().optional(),
});
const valid: Env = { DATABASE_URL: 'postgres://aistock_engine@127.0.0.1:5432/aistock' };
const TOKEN = 'canary-'.repeat(6);

function problemsOf(env: Env): readonly string[] {
  try {
    loadConfig(schema, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

test('defaults fill what is unset, and an empty variable is unset', () => {
  const config = loadConfig(schema, { ...valid, ROWS_MAX: '', HOST: '' });
  assert.equal(config.ROWS_MAX, 100);
  assert.equal(config.HOST, '127.0.0.1');
  assert.equal(config.ML_SERVICE_URL, 'http://127.0.0.1:8003');
  assert.equal(config.EXACTLY_ONCE, false);
});

test('the configuration is frozen and holds nothing that the schema does not name', () => {
  const config = loadConfig(schema, { ...valid, UNRELATED: 'x' });
  assert.ok(Object.isFrozen(config));
  assert.ok(!('UNRELATED' in config));
});

test('every problem is told at once: the variable, what is allowed, what it is', () => {
  const problems = problemsOf({ ROWS_MAX: '0', AUTH_MODE: 'maybe', EXACTLY_ONCE: 'yes', SHARE: '2' });
  assert.deepEqual(problems.map((problem) => problem.split(':', 1).join()).toSorted(), [
    'AUTH_MODE',
    'DATABASE_URL',
    'EXACTLY_ONCE',
    'ROWS_MAX',
    'SHARE',
  ]);
  assert.ok(problems.includes('ROWS_MAX: must be a whole number from 1 to 500, but is "0"'));
  assert.ok(problems.includes('DATABASE_URL: is not set'));
});

test('a number is a number from its first to its last character', () => {
  for (const text of ['1e2', '12junk', ' 12', '0x10', '1.0', 'NaN', 'Infinity', '+1', '501', '9'.repeat(40)])
    assert.equal(problemsOf({ ...valid, ROWS_MAX: text }).length, 1, text);
  for (const text of ['1e-1', '.5', '0,5', '0.5.1', 'NaN', '-0.1'])
    assert.equal(problemsOf({ ...valid, SHARE: text }).length, 1, text);
  assert.equal(loadConfig(schema, { ...valid, SHARE: '0.25' }).SHARE, 0.25);
});

test('a URL of a neighbour is an origin and nothing more', () => {
  for (const url of ['ftp://x', 'localhost:8003', 'http://u:p@x', 'http://x/path', 'http://x?q=1'])
    assert.equal(problemsOf({ ...valid, ML_SERVICE_URL: url }).length, 1, url);
  assert.equal(
    loadConfig(schema, { ...valid, ML_SERVICE_URL: 'http://ml:8000/' }).ML_SERVICE_URL,
    'http://ml:8000',
  );
});

test('no secret is in a problem, in a printed configuration, or in JSON', () => {
  const wrong = problemsOf({
    DATABASE_URL: 'mysql://u:canary-1@x/y',
    AUTH_TOKEN_VIEWER: 'canary-2',
    VENUE_API_KEY: 'canary-3'.repeat(500),
  });
  assert.equal(wrong.length, 3);
  assert.ok(!wrong.join().includes('canary'), wrong.join());

  const config = loadConfig(schema, {
    DATABASE_URL: 'postgres://u:canary-4@x/y',
    DATABASE_PASSWORD: 'canary-5',
    AUTH_TOKEN_VIEWER: TOKEN,
    VENUE_API_KEY: 'canary-6',
  });
  const shown =
    JSON.stringify(describeConfig(config)) + inspect(config.VENUE_API_KEY) + String(config.AUTH_TOKEN_VIEWER);
  assert.ok(!shown.includes('canary'), shown);
  assert.equal(config.VENUE_API_KEY?.reveal(), 'canary-6');
});

test('a secret can come from a file, but not from two places', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'aistock-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  writeFileSync(file, 'from-the-file\n');
  assert.equal(
    loadConfig(schema, { ...valid, DATABASE_PASSWORD_FILE: file }).DATABASE_PASSWORD?.reveal(),
    'from-the-file',
  );
  assert.match(
    problemsOf({ ...valid, DATABASE_PASSWORD_FILE: file, DATABASE_PASSWORD: 'x' }).join(),
    /set twice/,
  );
  assert.match(
    problemsOf({ ...valid, DATABASE_PASSWORD_FILE: join(folder, 'missing') }).join(),
    /^DATABASE_PASSWORD_FILE: must name a file/,
  );
});

test('without authorisation it listens on loopback only, or inside the Compose network', () => {
  assert.match(problemsOf({ ...valid, HOST: '0.0.0.0' }).join(), /^AUTH_MODE: off is allowed only/);
  assert.deepEqual(problemsOf({ ...valid, HOST: '0.0.0.0', TRUSTED_NETWORK: 'compose' }), []);
  assert.deepEqual(
    problemsOf({ ...valid, HOST: '0.0.0.0', AUTH_MODE: 'token', AUTH_TOKEN_SERVICE: TOKEN }),
    [],
  );
  assert.ok(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback));
  assert.ok(
    !['0.0.0.0', '::', '127.0.0.1.example.org', '10.0.0.1', 'localhost.example.org'].some(isLoopback),
  );
});

test('with authorisation there is a token, each of 32 characters or more, each its own', () => {
  for (const given of [{}, { AUTH_TOKEN_VIEWER: TOKEN }])
    assert.match(problemsOf({ ...valid, AUTH_MODE: 'token', ...given }).join(), /needs AUTH_TOKEN_SERVICE/);
  assert.match(problemsOf({ ...valid, AUTH_TOKEN_VIEWER: 'short' }).join(), /at least 32 characters/);
  assert.match(
    problemsOf({ ...valid, AUTH_TOKEN_VIEWER: TOKEN, AUTH_TOKEN_TRADER: TOKEN }).join(),
    /two roles have the same token/,
  );
});
