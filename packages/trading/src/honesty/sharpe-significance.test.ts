import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  type SharpeRecord,
} from './index.ts';

function close(actual: number | null, expected: number, tolerance = 1e-12): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

const normal = (sharpe: number, observations = 1): SharpeRecord => ({
  sharpe,
  observations,
  skewness: 0,
  kurtosis: 3,
});

const years = (record: SharpeRecord, target: number, perYear: number) =>
  minimumTrackRecord(record, target, 0.95)! / perYear;

test('two years of months with fat tails: the example of Bailey and López de Prado (2012)', () => {
  const record = { sharpe: 1.585 / Math.sqrt(12), observations: 24, skewness: -2.448, kurtosis: 10.164 };
  close(probabilisticSharpe(record, 0), 0.9132343068848602);
});

const trials = (count: number) => ({ count, sharpeVariance: 0.5 / 250 });

test('one of a hundred trials: the example of Bailey and López de Prado (2014)', () => {
  const record = { sharpe: 2.5 / Math.sqrt(250), observations: 1250, skewness: -3, kurtosis: 10 };
  close(deflatedSharpe(record, trials(100)), 0.9003968344493903);
  close(deflatedSharpe(record, trials(88)), 0.910153014744707, 1e-9);
  close(deflatedSharpe(record, trials(46)), 0.9505017068755787, 1e-9);
  close(expectedBestSharpe(trials(100)) * Math.sqrt(250), 1.7894064663, 1e-9);
});

const best = (count: number) => expectedBestSharpe({ count, sharpeVariance: 1 });

test('the best of many without skill looks better the more there are', () => {
  close(best(5), 1.1925940010147893);
  close(best(1000), 3.255121513652723);
  assert.equal(best(1), 0);
  assert.equal(expectedBestSharpe({ count: 10, sharpeVariance: 0 }), 0);
  for (let count = 2; count < 50; count++) assert.ok(best(count + 1) > best(count));
});

test('one trial leaves nothing to deflate', () => {
  const record = normal(0.1, 500);
  assert.equal(deflatedSharpe(record, { count: 1, sharpeVariance: 5 }), probabilisticSharpe(record, 0));
});

test('track records as long as the paper of 2012 asks for', () => {
  close(years(normal(2 / Math.sqrt(250)), 1 / Math.sqrt(250), 250), 2.731187801728176, 1e-9);
  close(years(normal(2 / Math.sqrt(52)), 1 / Math.sqrt(52), 52), 2.828833586945237, 1e-9);
  const fat = { sharpe: 3 / Math.sqrt(12), observations: 1, skewness: -0.72, kurtosis: 5.78 };
  close(years(fat, 2.5 / Math.sqrt(12), 12), 27.3529201960403, 1e-9);
});

test('what cannot be said is null', () => {
  assert.equal(minimumTrackRecord(normal(0.1), 0.1, 0.95), null, 'a record no better than its target');
  assert.equal(probabilisticSharpe(normal(0.1, 1), 0), null, 'one return');
  const contradiction = { sharpe: 1, observations: 100, skewness: 9, kurtosis: 3 };
  assert.equal(probabilisticSharpe(contradiction, 0), null);
});
