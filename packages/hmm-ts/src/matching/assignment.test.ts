import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leastCostAssignment } from './assignment.ts';

/** Least total over every way to give each row a column of its own. */
function bruteForce(
  costs: readonly number[],
  columns: number,
  row = 0,
  taken: readonly number[] = [],
): number {
  if (row * columns >= costs.length) return 0;
  let least = Infinity;
  for (let column = 0; column < columns; column++)
    if (!taken.includes(column))
      least = Math.min(
        least,
        costs[row * columns + column]! + bruteForce(costs, columns, row + 1, [...taken, column]),
      );
  return least;
}

const problems = fc
  .record({ rows: fc.integer({ min: 1, max: 6 }), extra: fc.integer({ min: 0, max: 2 }) })
  .chain(({ rows, extra }) => {
    const columns = rows + extra;
    const cost = fc.oneof(
      fc.integer({ min: 0, max: 4 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.integer({ min: -5, max: 5 }),
    );
    return fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      costs: fc.array(cost, { minLength: rows * columns, maxLength: rows * columns }),
    });
  });

test('no assignment costs less than the one found, and no column is given twice', () => {
  fc.assert(
    fc.property(problems, ({ rows, columns, costs }) => {
      const columnOf = leastCostAssignment(Float64Array.from(costs), rows, columns);
      assert.equal(new Set(columnOf).size, rows);
      const total = columnOf.reduce((sum, column, row) => sum + costs[row * columns + column]!, 0);
      assert.ok(Math.abs(total - bruteForce(costs, columns)) <= 1e-9 * (1 + Math.abs(total)));
    }),
    { numRuns: 500 },
  );
});

test('the cheapest cell is not taken where that makes the others dear', () => {
  assert.deepEqual([...leastCostAssignment(Float64Array.of(1, 2, 3, 100), 2, 2)], [1, 0]);
});
