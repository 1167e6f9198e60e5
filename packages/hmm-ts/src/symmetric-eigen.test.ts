import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packedSize } from './cholesky.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const matrices = fc.integer({ min: 1, max: 6 }).chain((dimensions) =>
  fc.record({
    dimensions: fc.constant(dimensions),
    packed: fc
      .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
        minLength: packedSize(dimensions),
        maxLength: packedSize(dimensions),
      })
      .map((values) => Float64Array.from(values)),
  }),
);

test('values and vectors make the matrix again, and the vectors are orthonormal', () => {
  fc.assert(
    fc.property(matrices, ({ dimensions, packed }) => {
      const { values, vectors } = symmetricEigen(packed, dimensions);
      const size = Math.max(1e-300, ...packed.map(Math.abs));
      for (let a = 0; a < dimensions; a++)
        for (let b = 0; b <= a; b++) {
          let entry = 0;
          let product = 0;
          for (let c = 0; c < dimensions; c++) {
            entry += values[c]! * vectors[a * dimensions + c]! * vectors[b * dimensions + c]!;
            product += vectors[c * dimensions + a]! * vectors[c * dimensions + b]!;
          }
          assert.ok(Math.abs(entry - packed[packedSize(a) + b]!) <= 1e-12 * size, `${entry}`);
          assert.ok(Math.abs(product - (a === b ? 1 : 0)) <= 1e-13, `${product}`);
        }
    }),
  );
});

test('a matrix of one direction has one value that is not zero', () => {
  const { values } = symmetricEigen(Float64Array.of(1, 2, 4), 2);
  assert.deepEqual(
    [...values].map((value) => Math.round(value * 1e12) / 1e12).toSorted((a, b) => a - b),
    [0, 5],
  );
});
