import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalQuadrature } from './gauss-hermite.ts';
import { normalCdf, normalQuantile } from './normal.ts';

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('the normal distribution function is right to 15 digits', () => {
  const table = [
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145707],
    [1.959963984540054, 0.975],
    [-3, 0.0013498980316300946],
    [-6, 9.865876450376981e-10],
    [-8, 6.220960574271785e-16],
  ] as const;
  for (const [x, expected] of table) close(normalCdf(x), expected, 1e-15);
  assert.equal(normalCdf(-50), 0);
  assert.equal(normalCdf(50), 1);
  for (let x = -10; x <= 10; x += 0.01) assert.ok(normalCdf(x + 0.01) >= normalCdf(x));
});

test('the quantile undoes the distribution function', () => {
  close(normalQuantile(0.975), 1.959963984540054, 1e-14);
  close(normalQuantile(0.5), 0, 1e-15);
  close(normalQuantile(1e-10), -6.361340902404056, 1e-9);
  close(normalQuantile(1e-300), -37.0471, 1e-4);
  for (let x = -8; x <= 5; x += 0.01) close(normalQuantile(normalCdf(x)), x, 1e-9);
  for (const outside of [0, 1, -0.1, Number.NaN]) assert.throws(() => normalQuantile(outside), RangeError);
});

test('the quadrature integrates polynomials and moment-generating functions of a normal variable', () => {
  const points = normalQuadrature(64);
  assert.equal(new Set(points.map(({ x }) => x)).size, 64);
  const expectation = (f: (z: number) => number) =>
    points.reduce((sum, { x, weight }) => sum + weight * f(x), 0);
  close(
    expectation(() => 1),
    1,
    1e-13,
  );
  for (const [power, moment] of [
    [1, 0],
    [2, 1],
    [4, 3],
    [6, 15],
    [10, 945],
  ] as const)
    close(
      expectation((z) => z ** power),
      moment,
      1e-10 * Math.max(1, moment),
    );
  close(
    expectation((z) => Math.exp(z)),
    Math.exp(0.5),
    1e-12,
  );
  close(
    expectation((z) => Math.cos(3 * z)),
    Math.exp(-4.5),
    1e-12,
  );
});
