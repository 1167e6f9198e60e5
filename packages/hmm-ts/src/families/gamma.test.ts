import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digamma, logGamma } from './gamma.ts';

const EULER = 0.577_215_664_901_532_9;

const near = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-13 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

test('log gamma: half, whole and large numbers', () => {
  near(logGamma(0.5), 0.5 * Math.log(Math.PI));
  near(logGamma(1), 0);
  near(logGamma(2), 0);
  near(logGamma(7), Math.log(720));
  near(logGamma(10.5), Math.log((654_729_075 * Math.sqrt(Math.PI)) / 1_024));
  near(logGamma(101), 363.739_375_555_563_5);
});

test('digamma: one, a half, the recurrence, and the slope of log gamma', () => {
  near(digamma(1), -EULER);
  near(digamma(0.5), -EULER - 2 * Math.LN2);
  for (const x of [0.1, 1.05, 3.7, 9.99, 10.01, 60]) {
    near(digamma(x + 1), digamma(x) + 1 / x);
    const slope = (logGamma(x * (1 + 1e-5)) - logGamma(x * (1 - 1e-5))) / (2e-5 * x);
    assert.ok(Math.abs(digamma(x) - slope) <= 1e-7 * Math.max(1, 1 / x), `${x}`);
  }
});
