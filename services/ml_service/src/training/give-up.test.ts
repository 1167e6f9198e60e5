import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HmmError } from '@aistock/hmm-ts';
import { StaleClaim } from '@aistock/ledger';
import { ServiceError } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import { AliasChanged } from '../registry/aliases.ts';
import { decideGiveUp } from './give-up.ts';
import { TrainingProblem } from './training-problem.ts';

const cases: [unknown, string, string][] = [
  [new StaleClaim(['a']), 'stale_claim', 'release'],
  [new AliasChanged('changed'), 'active_model_changed', 'release'],
  [new CallError('down', 'http://x', {}), 'data_ingester_failed', 'release'],
  [new ServiceError('stopping', 503, 'the service stops'), 'stopping', 'release'],
  [new TrainingProblem('not_enough_bars', 'few'), 'not_enough_bars', 'release'],
  [new TrainingProblem('file_missing', 'gone', 'f'), 'file_missing', 'fail'],
  [new TrainingProblem('file_corrupt', 'bytes', 'f'), 'file_corrupt', 'quarantine'],
  [new HmmError('not_finite', 'NaN'), 'model_not_finite', 'fail'],
  [Object.assign(new Error('NaN'), { name: 'HmmError', code: 'not_finite' }), 'model_not_finite', 'fail'],
  [new TypeError('bug'), 'internal_error', 'fail'],
];

test('each error has a code, and says what becomes of the claims', () => {
  for (const [error, code, claims] of cases) {
    const decided = decideGiveUp(error);
    assert.equal(decided.code, code);
    assert.equal(decided.claims, claims);
  }
});

test('the message of an unknown error stays inside', () => {
  assert.doesNotMatch(decideGiveUp(new TypeError('password')).detail, /password/);
});
