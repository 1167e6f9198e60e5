import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate, TRUTHS } from '../../test/truths.ts';
import { fit, fitFrom, infer, rescale, score, type Hmm } from '../index.ts';
import { identityScaling } from '../scaling.ts';

/** Every number of the model in the units of the data, by the array that the family keeps it in. */
function numbersOf(model: Hmm): [name: string, values: Float64Array][] {
  const own = rescale(model, identityScaling(model.dimensions));
  return Object.entries(own).filter(
    (entry): entry is [string, Float64Array] => entry[1] instanceof Float64Array,
  );
}

for (const [name, { model: truth, options }] of Object.entries(TRUTHS)) {
  for (const missing of [0, 0.2]) {
    const title = `${name}, ${missing * 100} % of the values missing`;

    test(`${title}: the log-likelihood never falls, and is that of the model`, () => {
      const observations = generate(truth, 600, 3, missing);
      const found = fit(observations, {
        ...options,
        states: 2,
        restarts: 1,
        tolerance: 0,
        iterationsMax: 80,
      });
      assert.notEqual(found.stoppedBy, 'likelihood_fell');
      assert.ok(found.history.length > 10);
      found.history.forEach((value, index) => {
        const before = found.history[index - 1] ?? -Infinity;
        assert.ok(value >= before - 1e-9 * Math.abs(before), `fell from ${before} to ${value}`);
      });
      for (const logLikelihood of [
        score(found.model, observations),
        infer(found.model, observations).logLikelihood,
      ])
        assert.ok(Math.abs(found.logLikelihood / logLikelihood - 1) < 1e-12);
    });

    test(`${title}: finds the parameters that made the rows, from anywhere`, () => {
      const observations = generate(truth, 6_000, 11, missing);
      const nearby = fitFrom(truth, observations, { tolerance: 1e-9 });
      assert.equal(nearby.converged, true);
      const expected = new Map(numbersOf(truth));
      for (const [array, values] of numbersOf(nearby.model)) {
        if (array === 'start') continue;
        const tolerance = array === 'freedoms' ? 1.5 : 0.2;
        values.forEach((value, index) => {
          const right = expected.get(array)![index]!;
          assert.ok(
            Math.abs(value - right) < tolerance * Math.max(0.5, Math.sqrt(Math.abs(right))),
            `${array} ${index}: ${value}, not ${right}`,
          );
        });
      }
      const anywhere = fit(observations, { ...options, states: 2, restarts: 6, tolerance: 1e-9 });
      assert.ok(
        anywhere.logLikelihood >= nearby.logLikelihood - 0.05,
        `${anywhere.logLikelihood}, ${nearby.logLikelihood}`,
      );
    });

    test(`${title}: where EM ends, no number can be moved to gain`, () => {
      const observations = generate(truth, 400, 5, missing);
      const { model } = fitFrom(truth, observations, { tolerance: 0, iterationsMax: 5_000 });
      const best = score(model, observations);
      for (const [what, moved] of movesOf(model)) {
        const gain = score(moved, observations) - best;
        assert.ok(gain < 1e-6, `${what}: ${gain}`);
      }
    });
  }
}

/** The model with each of its free numbers moved a little up, and a little down, where it may. */
function movesOf(model: Hmm): [what: string, moved: Hmm][] {
  return Object.entries(model)
    .filter((entry): entry is [string, Float64Array] => entry[1] instanceof Float64Array)
    .flatMap(([name, values]) =>
      Array.from(values.keys()).flatMap((index) =>
        [-1e-3, 1e-3].flatMap((by): [string, Hmm][] => {
          const moved = movedAlong(model, name, index, by);
          const allowed = otherShare(name, index) === undefined || moved.every((share) => share >= 0);
          return allowed ? [[`${name} ${index} by ${by}`, { ...model, [name]: moved }]] : [];
        }),
      ),
    );
}

/** A share goes to another one of its distribution; what a covariance has alike moves together. */
function movedAlong(model: Hmm, name: string, index: number, by: number): Float64Array {
  const values = (model as unknown as Record<string, Float64Array>)[name]!.slice();
  const together = [index];
  if (name === 'covariances' && model.family === 'gaussian') {
    if (model.covariance === 'tied') together.push((index + values.length / 2) % values.length);
    if (model.covariance === 'spherical') together.push(index ^ 1);
  }
  const other = otherShare(name, index);
  if (other === undefined)
    for (const at of together) values[at] = values[at]! + by * Math.max(0.1, Math.abs(values[at]!));
  else {
    values[index] = values[index]! + by;
    values[other] = values[other]! - by;
  }
  return values;
}

/** Another entry of the same distribution; the truths have two states, two components, and three and two symbols. */
function otherShare(name: string, index: number): number | undefined {
  if (name === 'start' || name === 'transition' || name === 'shares') return index ^ 1;
  if (name !== 'probabilities') return undefined;
  const symbol = index % 5;
  return index - symbol + (symbol < 3 ? (symbol + 1) % 3 : 7 - symbol);
}
