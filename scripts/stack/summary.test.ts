import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenPromises, type PipelineResult } from './result.ts';
import { summaryLines } from './summary.ts';

const result: PipelineResult = {
  source: 'csv',
  streams: 1,
  bars: 5105,
  files: 6,
  files_processed: 6,
  model: {
    id: 'm',
    algorithm: 'hmm_gaussian_diagonal',
    states: 3,
    promoted: true,
    bic: -12.345,
    holdout_log_likelihood: 3.21,
  },
  decision: { config_id: 'c', preset_id: 'balanced', propensity: 0.5 },
  orders: { intents: 4, filled: 3, denied: 1, unknown: 0 },
  equity: { start: '100000', end: '101234.56789' },
  audit: { events: 40, verified: true, root: 'ab' },
};

test('a run that kept every promise has nothing broken', () => {
  assert.deepEqual(brokenPromises({ result, filesWaiting: 0 }), []);
  assert.deepEqual(brokenPromises({ result: { ...result, files: 7 }, filesWaiting: 1 }), []);
});

test('each broken promise is named', () => {
  const broken = brokenPromises({
    filesWaiting: 0,
    result: {
      ...result,
      bars: 0,
      files_processed: 5,
      orders: { ...result.orders, unknown: 2 },
      equity: { start: null, end: null },
      audit: { ...result.audit, verified: false },
    },
  });
  assert.equal(broken.length, 5);
  assert.match(broken.join(), /2 orders are in an unknown state/);
});

test('the table shows money to the cent and says where the record stands', () => {
  const text = summaryLines(result, 12.34).join('\n');
  assert.match(text, /100000 → 101234\.56$/m);
  assert.match(text, /4 intents: 3 filled, 1 denied, 0 unknown/);
  assert.match(text, /40 events, verified/);
  assert.match(summaryLines({ ...result, decision: null }, 1).join('\n'), /none chosen/);
});
