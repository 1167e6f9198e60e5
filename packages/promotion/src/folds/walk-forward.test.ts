import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { purgeFor, walkForward, type WalkForwardTerms } from './walk-forward.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test("skfolio's walk forward: test 1, train 2, purged 1 on six rows", () => {
  const terms = {
    rows: 6,
    trainRows: 2,
    testRows: 1,
    mode: 'rolling',
    purgeRows: 1,
    embargoRows: 0,
  } as const;
  assert.deepEqual(
    walkForward(terms).map((fold) => [
      range(fold.trainFrom, fold.trainTo),
      range(fold.testFrom, fold.testTo),
    ]),
    [
      [[0, 1], [3]],
      [[1, 2], [4]],
      [[2, 3], [5]],
    ],
  );
  assert.deepEqual(
    walkForward({ ...terms, mode: 'anchored' }).map(({ trainFrom, trainTo }) => [trainFrom, trainTo]),
    [
      [0, 2],
      [0, 3],
      [0, 4],
    ],
  );
});

const anyTerms: fc.Arbitrary<WalkForwardTerms> = fc.record({
  rows: fc.integer({ min: 0, max: 500 }),
  trainRows: fc.integer({ min: 1, max: 200 }),
  testRows: fc.integer({ min: 3, max: 60 }),
  mode: fc.constantFrom('anchored' as const, 'rolling' as const),
  purgeRows: fc.integer({ min: 0, max: 20 }),
  embargoRows: fc.integer({ min: 0, max: 20 }),
});

test('test windows cover what follows without a gap, and none is nearer to its train window than purge and embargo', () => {
  fc.assert(
    fc.property(anyTerms, (terms) => {
      const folds = walkForward(terms);
      folds.forEach((fold, index) => {
        assert.equal(fold.testFrom - fold.trainTo, terms.purgeRows + terms.embargoRows);
        assert.equal(fold.testTo - fold.testFrom, terms.testRows);
        assert.ok(fold.trainFrom >= 0 && fold.testTo <= terms.rows);
        assert.equal(fold.testFrom, folds[index - 1]?.testTo ?? fold.testFrom);
        const length = fold.trainTo - fold.trainFrom;
        assert.ok(terms.mode === 'rolling' ? length === terms.trainRows : fold.trainFrom === 0);
      });
      const end = folds.at(-1)?.testTo ?? terms.trainRows + terms.purgeRows + terms.embargoRows;
      assert.ok(terms.rows - end < terms.testRows, 'another fold would have fitted');
    }),
  );
});

test('a purge of the label and the warm-up keeps bars of train and test apart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 30 }), (horizon, warmUp) => {
      const purgeRows = purgeFor(horizon, warmUp);
      const [fold] = walkForward({
        rows: 200,
        trainRows: 100,
        testRows: 10,
        mode: 'rolling',
        purgeRows,
        embargoRows: 0,
      });
      const lastBarOfTrain = fold!.trainTo - 1 + horizon;
      const firstBarOfTest = fold!.testFrom - warmUp;
      assert.ok(lastBarOfTrain < firstBarOfTest);
    }),
  );
});

test('counts that are none are refused by name', () => {
  const terms = {
    rows: 50,
    trainRows: 20,
    testRows: 5,
    mode: 'rolling',
    purgeRows: 0,
    embargoRows: 0,
  } as const;
  for (const name of ['rows', 'trainRows', 'testRows', 'purgeRows', 'embargoRows'] as const)
    for (const value of [-1, 1.5, Number.NaN])
      assert.throws(() => walkForward({ ...terms, [name]: value }), new RegExp(`^RangeError: ${name} must`));
  assert.throws(() => walkForward({ ...terms, rows: 10_000, testRows: 1 }), /folds are more than 200/);
});
