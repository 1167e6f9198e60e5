import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limits } from '@aistock/shared';
import { paperLimits, tradedStreams, trainsFirst, trainUntilMs } from './pipeline-plan.ts';

const range = { first_open_ms: Date.UTC(2000, 0, 3), last_open_ms: Date.UTC(2020, 3, 17) };

test('the packaged series trains on 2000 to 2018', () => {
  assert.equal(trainUntilMs('csv:SP500:1d', range, undefined), Date.UTC(2019, 0, 1));
});

test('any other history trains on its first four fifths', () => {
  assert.equal(trainUntilMs('binance:BTC/USDT:1m', { first_open_ms: 0, last_open_ms: 1000 }, undefined), 800);
});

test('a day that was asked for counts, and must be one', () => {
  assert.equal(trainUntilMs('csv:SP500:1d', range, '2010-06-30'), Date.UTC(2010, 5, 30));
  for (const wrong of ['2010', 'soon', '2010-13-01', '']) {
    assert.throws(() => trainUntilMs('csv:SP500:1d', range, wrong), /TRAIN_UNTIL/);
  }
});

test('the limits are of the shape that the gate takes, one for each instrument', () => {
  const limits = Limits.parse(
    paperLimits([{ stream: 'binance:BTC/USDT:1m', instrument: 'BTC/USDT' }], 'trend_following'),
  );
  assert.deepEqual(Object.keys(limits.instruments), ['BTC/USDT']);
  assert.equal(limits.instruments['BTC/USDT']?.price_stream, 'binance:BTC/USDT:1m');
});

test('an instrument is traded on one of its streams, the one with the longest bars', () => {
  const streams = [
    { instrument: 'ADA/BTC', timeframe: '1d', source: 'csv' },
    { instrument: 'ADA/BTC', timeframe: '1m', source: 'csv' },
    { instrument: 'SPY', timeframe: '1m', source: 'one' },
    { instrument: 'SPY', timeframe: '1m', source: 'two' },
  ] as const;
  assert.deepEqual(
    tradedStreams(streams).map(({ instrument, timeframe, source }) => `${source}:${instrument}:${timeframe}`),
    ['csv:ADA/BTC:1d', 'one:SPY:1m'],
  );
});

test('a start that was cut off while it traded does not train on what it still has to trade', () => {
  const plan = { trainUntilMs: 100 };
  assert.equal(trainsFirst(plan, { lastOpenMs: null, hasModel: false }), true);
  assert.equal(trainsFirst(plan, { lastOpenMs: 99, hasModel: true }), true);
  assert.equal(trainsFirst(plan, { lastOpenMs: 100, hasModel: true }), false);
  assert.equal(
    trainsFirst(plan, { lastOpenMs: 100, hasModel: false }),
    true,
    'nothing can be traded without a model',
  );
});
