import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FEATURES } from './feature-registry.ts';
import * as features from './features.ts';
import * as indicators from './indicators/index.ts';
import * as measures from './universe/measure-candidate.ts';

test('every feature and indicator is held against the promise that it does not look ahead', () => {
  const functions = Object.entries({ ...features, ...indicators, ...measures })
    .filter(([, exported]) => typeof exported === 'function')
    .map(([name]) => name);
  assert.ok(functions.length > 10);
  assert.deepEqual(Object.keys(FEATURES).toSorted(), functions.toSorted());
});
