import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flooredShares } from './floored-shares.ts';

test('shares sum to one, keep the floor, and no other such distribution is more likely', () => {
  const counts = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e3, noNaN: true })), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(counts, fc.double({ min: 1e-6, max: 0.15, noNaN: true }), fc.nat(), (given, floor, pick) => {
      fc.pre(given.some((count) => count > 0));
      const shares = flooredShares(Float64Array.from(given), floor, new Float64Array(given.length).fill(1));
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
      assert.ok(shares.every((share) => share >= floor * (1 - 1e-12)));
      // Moving mass from one entry to another that the floor allows never gains.
      const from = pick % given.length;
      const to = (pick + 1) % given.length;
      const moved = shares.slice();
      const mass = (shares[from]! - floor) * 0.01;
      moved[from] = moved[from]! - mass;
      moved[to] = moved[to]! + mass;
      const worth = (each: Float64Array) =>
        given.reduce((sum, count, at) => sum + count * Math.log(each[at]!), 0);
      assert.ok(worth(moved) <= worth(shares) + 1e-9 * Math.abs(worth(shares)));
    }),
  );
});

test('symbols that were never seen get the floor, impossible ones stay impossible', () => {
  const shares = flooredShares(Float64Array.of(0, 5, 0, 0), 1e-6, Float64Array.of(0.2, 0.6, 0.2, 0));
  assert.deepEqual([...shares], [1e-6, 1 - 2e-6, 1e-6, 0]);
});
