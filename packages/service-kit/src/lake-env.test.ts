import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { z } from 'zod';
import { ConfigError, describeConfig, loadConfig, type Env } from './config.ts';
import { lakeEnv, lakePlace } from './lake-env.ts';

const S3 = {
  LAKE_S3_ENDPOINT: 'https://s3.example.com/',
  LAKE_S3_BUCKET: 'bars',
  LAKE_S3_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  LAKE_S3_SECRET_ACCESS_KEY: 'not-to-be-told',
};
const load = (env: Env) => loadConfig(z.object(lakeEnv), env);

test('a folder unless S3 is configured', () => {
  assert.deepEqual(lakePlace(load({}), 'x'), { folder: '.aistock/lake' });
  assert.deepEqual(lakePlace(load({ LAKE_DIR: '/data' }), 'x'), { folder: '/data' });
  assert.throws(() => load({ LAKE_DIR: '/data/*' }), ConfigError);
});

test('S3 with its region and a folder for the copies of each program', () => {
  assert.deepEqual(lakePlace(load({ ...S3, LAKE_DIR: '/data' }), 'verify'), {
    s3: {
      endpoint: 'https://s3.example.com',
      bucket: 'bars',
      region: 'us-east-1',
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: 'not-to-be-told',
    },
    copiesFolder: '/data/copies/verify',
  });
});

test('an incomplete S3 names every variable that is missing, and none of the values', () => {
  assert.throws(
    () => lakePlace(load({ LAKE_S3_SECRET_ACCESS_KEY: 'not-to-be-told' }), 'x'),
    (error: ConfigError) => {
      assert.deepEqual(
        error.problems.map((problem) => problem.split(':')[0]),
        ['LAKE_S3_ENDPOINT', 'LAKE_S3_BUCKET', 'LAKE_S3_ACCESS_KEY_ID'],
      );
      return !inspect(error).includes('not-to-be-told');
    },
  );
  assert.doesNotMatch(inspect([load(S3), describeConfig(load(S3))]), /not-to-be-told/);
});
