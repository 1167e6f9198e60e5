import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stationaryShares } from './stationary-shares.ts';

test('the shares are those that one more step leaves as they are', () => {
  const chains = fc.integer({ min: 1, max: 6 }).chain((states) =>
    fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), {
      minLength: states * states,
      maxLength: states * states,
    }),
  );
  fc.assert(
    fc.property(chains, (weights) => {
      const states = Math.sqrt(weights.length);
      const transition = weights.map((weight, index) => {
        const from = Math.floor(index / states) * states;
        return weight / weights.slice(from, from + states).reduce((sum, each) => sum + each, 0);
      });
      const shares = stationaryShares(transition, states)!;
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
      shares.forEach((share, to) => {
        const next = shares.reduce((sum, each, from) => sum + each * transition[from * states + to]!, 0);
        assert.ok(Math.abs(next - share) < 1e-9);
      });
    }),
  );
});

test('a chain by hand, and one that falls apart', () => {
  assert.deepEqual(
    [...stationaryShares([0.9, 0.1, 0.3, 0.7], 2)!].map((share) => share.toFixed(12)),
    ['0.750000000000', '0.250000000000'],
  );
  assert.equal(stationaryShares([1, 0, 0, 1], 2), null);
});
