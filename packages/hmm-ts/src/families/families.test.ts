import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { define, KINDS, list, type Defined, type Kind } from '../../test/by-definition.ts';
import {
  createRandom,
  decode,
  infer,
  modelFromJson,
  modelToJson,
  rescale,
  score,
  streamFilter,
  type Random,
} from '../index.ts';

/** Log probability of every path with the rows, and the path, over a sequence. */
function everyPath({ model, logDensity }: Defined, rows: readonly (readonly number[])[]) {
  const { states } = model;
  const densities = rows.map((row) => list(states, (state) => logDensity(state, row)));
  return list(states ** rows.length, (code) => {
    const path = rows.map((_, step) => Math.floor(code / states ** step) % states);
    const logProbability = path.reduce((sum, state, step) => {
      const before = path[step - 1];
      const move = before === undefined ? model.start[state]! : model.transition[before * states + state]!;
      return sum + Math.log(move) + densities[step]![state]!;
    }, 0);
    return { path, logProbability };
  });
}

function logSum(paths: readonly { readonly logProbability: number }[]): number {
  const top = Math.max(...paths.map((each) => each.logProbability));
  return top + Math.log(paths.reduce((sum, each) => sum + Math.exp(each.logProbability - top), 0));
}

function near(actual: number, expected: number, what: string): void {
  const tolerance = 1e-9 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, not ${expected}`);
}

const problem = fc.record({
  states: fc.integer({ min: 1, max: 3 }),
  dimensions: fc.integer({ min: 1, max: 3 }),
  lengths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
  missing: fc.constantFrom(0, 0.4, 1),
  seed: fc.nat(),
});

/** A value that the kind can make in a feature, or NaN with the given probability. */
function drawValue(kind: Kind, feature: number, missing: number, random: Random): number {
  if (random.uniform() < missing) return Number.NaN;
  return kind === 'categorical' ? random.below(feature + 2) : 6 * random.uniform() - 3;
}

for (const kind of KINDS)
  test(`${kind}: filter, smoother, path and score agree with the enumeration of every path`, () => {
    fc.assert(
      fc.property(problem, ({ states, dimensions, lengths, missing, seed }) => {
        const random = createRandom(seed);
        const defined = define(kind, states, dimensions, random);
        // The same model in units of its own; JSON keeps every bit of it.
        const scaling = {
          offsets: Float64Array.from({ length: dimensions }, () => random.uniform()),
          scales: Float64Array.from({ length: dimensions }, () => 0.5 + random.uniform()),
        };
        const scaled = rescale(defined.model, scaling);
        const model = modelFromJson(JSON.parse(JSON.stringify(modelToJson(scaled))));
        assert.deepEqual(model, scaled);
        const sequences = lengths.map((length) =>
          list(length, () => list(dimensions, (d) => drawValue(kind, d, missing, random))),
        );
        const observations = {
          dimensions,
          values: Float64Array.from(sequences.flat(2)),
          lengths,
          missing: 'marginalise' as const,
        };
        const inference = infer(model, observations);
        const decoded = decode(model, observations);
        const filter = streamFilter(model, { missing: 'marginalise' });
        let total = 0;
        let first = 0;
        for (const rows of sequences) {
          const paths = everyPath(defined, rows);
          const all = logSum(paths);
          total += all;
          let at = filter.initial;
          for (const [step, row] of rows.entries()) {
            at = filter.filterStep(at, row);
            const known = everyPath(defined, rows.slice(0, step + 1));
            for (let state = 0; state < states; state++) {
              const through = (each: { path: number[] }) => each.path[step] === state;
              const index = (first + step) * states + state;
              const filtered = Math.exp(logSum(known.filter(through)) - logSum(known));
              near(inference.filtered[index]!, filtered, 'filtered');
              near(at.probabilities[state]!, filtered, 'stream filter');
              near(inference.smoothed[index]!, Math.exp(logSum(paths.filter(through)) - all), 'smoothed');
            }
          }
          near(at.logLikelihood, all, 'log-likelihood of the stream filter');
          const own = decoded.subarray(first, first + rows.length);
          const found = paths.find(({ path }) => path.every((state, step) => state === own[step]))!;
          near(found.logProbability, Math.max(...paths.map((each) => each.logProbability)), 'path');
          first += rows.length;
        }
        near(inference.logLikelihood, total, 'log-likelihood');
        near(score(model, observations), total, 'score');
      }),
      { numRuns: 60 },
    );
  });

test('NaN is refused unless it was said to mean missing; symbols outside the alphabet always are', () => {
  const random = createRandom(1);
  const { model } = define('diagonal', 2, 2, random);
  const values = Float64Array.of(1, Number.NaN);
  assert.throws(() => infer(model, { dimensions: 2, values }), {
    code: 'not_finite',
    message: /row 0, feature 1/,
  });
  assert.throws(() => streamFilter(model).filterStep(streamFilter(model).initial, values), {
    code: 'not_finite',
  });
  assert.throws(
    () => score(model, { dimensions: 2, values: Float64Array.of(1, Infinity), missing: 'marginalise' }),
    { code: 'not_finite', message: /Infinity; it must be finite or NaN/ },
  );
  const symbols = define('categorical', 2, 1, random).model;
  for (const value of [-1, 0.5, 2])
    assert.throws(() => infer(symbols, { dimensions: 1, values: Float64Array.of(0, value) }), {
      code: 'unknown_symbol',
      message: /row 1, feature 0/,
    });
});
