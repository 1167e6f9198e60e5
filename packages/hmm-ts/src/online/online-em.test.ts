import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  createRandom,
  fit,
  gaussianHmm,
  learnOnline,
  onlineFromJson,
  onlineStatistics,
  onlineToJson,
  orderStates,
  sample,
  score,
  startOnline,
  stateDeviations,
  studentTHmm,
  sufficientStatistics,
  type Hmm,
  type OnlineEm,
} from '../index.ts';
import { statisticsOver } from './running-statistics.ts';

const sticky = [
  [0.95, 0.05],
  [0.1, 0.9],
];
const truth = gaussianHmm('full', {
  start: [0.5, 0.5],
  transition: sticky,
  means: [
    [0, 1],
    [1, -1],
  ],
  covariances: [
    [
      [1, 0.3],
      [0.3, 1],
    ],
    [
      [9, -1],
      [-1, 4],
    ],
  ],
});
const heavy = studentTHmm({
  start: [0.4, 0.6],
  transition: sticky,
  means: [[0], [2]],
  dispersions: [[1], [4]],
  freedoms: [4, 6],
});

/** From state to state and never back: at the second row the third cannot have been reached. */
const oneWay = gaussianHmm('diagonal', {
  start: [1, 0, 0],
  transition: [
    [0.8, 0.2, 0],
    [0, 0.8, 0.2],
    [0, 0, 1],
  ],
  means: [[0], [2], [-2]],
  covariances: [[1], [1], [4]],
});

const NEVER = 1_000_000;

for (const [name, model] of Object.entries({ gaussian: truth, student_t: heavy, 'one way': oneWay }))
  test(`${name}: without M steps the running statistics are those of the smoother`, () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 80 }), (seed, rows) => {
        const observations = sample(model, rows, createRandom(seed));
        const { state, logLikelihood } = learnOnline<Hmm>(startOnline(model), observations, {
          stepExponent: 1,
          rowsBeforeUpdate: NEVER,
        });
        assert.ok(Math.abs(logLikelihood - score(model, observations)) < 1e-9 * rows);
        const smoothed = sufficientStatistics(model, observations);
        const length = state.running.length / model.states;
        const mean = new Float64Array(length);
        state.filtered.forEach((probability, now) =>
          mean.forEach((_, at) => (mean[at] = mean[at]! + probability * state.running[now * length + at]!)),
        );
        const online = statisticsOver(mean, smoothed.size);
        for (const field of ['transition', 'occupancy', 'weights', 'sums', 'products'] as const)
          smoothed[field].forEach((value, at) =>
            assert.ok(
              Math.abs(online[field][at]! * rows - value) <= 1e-9 * (rows + Math.abs(value)),
              `${field} ${at}: ${online[field][at]! * rows}, the smoother has ${value}`,
            ),
          );
      }),
      { numRuns: 30 },
    );
  });

test('saved, resumed and cut into calls anywhere, it ends in the same bits', () => {
  const observations = sample(truth, 400, createRandom(3));
  const { model, statistics } = fit(sample(truth, 200, createRandom(4)), { states: 2, covariance: 'full' });
  const begun: OnlineEm = startOnline(model, statistics);
  const once = learnOnline(begun, observations).state;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 399 }), { maxLength: 6 }), (places) => {
      const cuts = [0, ...new Set(places.toSorted((a, b) => a - b)), 400];
      const ended = cuts.slice(1).reduce((state, to, index) => {
        const values = observations.values.subarray(cuts[index]! * 2, to * 2);
        const saved = JSON.stringify(onlineToJson(learnOnline(state, { dimensions: 2, values }).state));
        return onlineFromJson(JSON.parse(saved));
      }, begun);
      assert.deepEqual(onlineToJson(ended), onlineToJson(once));
    }),
    { numRuns: 20 },
  );
});

test('from a poor guess, one look at each row finds the parameters that made them', () => {
  const guess = gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: [
      [0.7, 0.3],
      [0.3, 0.7],
    ],
    means: [[-1], [1]],
    covariances: [[1], [16]],
  });
  const maker = gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: sticky,
    means: [[0.5], [-0.5]],
    covariances: [[0.25], [4]],
  });
  const observations = sample(maker, 20_000, createRandom(9));
  const { state } = learnOnline(startOnline(guess), observations);
  const deviations = stateDeviations(state.model);
  assert.ok(Math.abs(deviations[0]! - 0.5) < 0.05 && Math.abs(deviations[1]! - 2) < 0.2, deviations.join());
  assert.ok(Math.abs(state.model.transition[0]! - 0.95) < 0.03, state.model.transition.join());
  assert.equal(state.rows, 20_000);
  assert.equal(state.running.length, startOnline(guess).running.length);
});

test('what does not fit is refused, and the state stays as it was', () => {
  const begun = startOnline(truth);
  const rows = sample(truth, 10, createRandom(1));
  assert.throws(() => learnOnline(begun, rows, { stepExponent: 0.5 }), {
    code: 'bad_option',
    message: /stepExponent must be above 0.5 and up to 1, not 0.5/,
  });
  assert.throws(() => learnOnline(begun, rows, { rowsBeforeUpdate: 0 }), { code: 'bad_option' });
  assert.throws(() => learnOnline(begun, { ...rows, lengths: [5, 5] }), { code: 'bad_shape' });
  assert.throws(
    () => startOnline(truth, sufficientStatistics(heavy, { dimensions: 1, values: rows.values })),
    {
      code: 'bad_shape',
    },
  );
  const broken = { ...rows, values: rows.values.map((value, at) => (at === 7 ? Number.NaN : value)) };
  assert.throws(() => learnOnline(begun, broken), { code: 'not_finite' });
  assert.deepEqual(begun, startOnline(truth));
});

test('the statistics of a state are those that its model stands on', () => {
  const { state } = learnOnline(startOnline(truth), sample(truth, 2_000, createRandom(1)));
  const { occupancy, transition, rows } = onlineStatistics(state);
  assert.equal(rows, 2_000);
  assert.ok(Math.abs(occupancy.reduce((sum, value) => sum + value, 0) - rows) < 1e-6);
  const left = transition.subarray(0, 2);
  const stay = left[0]! / (left[0]! + left[1]!);
  assert.ok(Math.abs(stay - state.model.transition[0]!) < 1e-9, `${stay}`);
});

test('states are put in order by their deviation, and nothing else changes', () => {
  const ordered = orderStates(truth, 0);
  const [calm, wild] = [0, 1].map((state) => stateDeviations(ordered)[state * truth.dimensions]!);
  assert.ok(calm! <= wild!);
  const rows = sample(truth, 200, createRandom(2));
  assert.ok(Math.abs(score(ordered, rows) - score(truth, rows)) < 1e-9);
});

test('a damaged state is refused by the name of the field', () => {
  const json = onlineToJson(learnOnline(startOnline(truth), sample(truth, 10, createRandom(1))).state);
  const damaged: [object, RegExp][] = [
    [{ format: 'hmm_online_em/0' }, /format/],
    [{ rows: -1 }, /rows must be from 0/],
    [{ filtered: [0.5, 0.6] }, /filtered must sum to 1/],
    [{ filtered: [1] }, /filtered must be empty or 2 numbers/],
    [{ running: [1] }, /running must be \d+ numbers/],
    [{ model: {} }, /format/],
  ];
  for (const [change, message] of damaged)
    assert.throws(() => onlineFromJson({ ...json, ...change }), { code: 'bad_model', message });
});

const file = join(process.env['MARKET_DATA_DIR'] ?? '', 'bars/nfi-binance-spot/BTC-USDT/5m.csv.gz');

/** Log return, and logarithm of the mean square of ten high-low ranges. */
function realRows(): Float64Array {
  const bars = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number) as [number, number, number, number, number]);
  const squares = bars.map(([, , high, low]) => Math.log(high / low) ** 2);
  return Float64Array.from(
    bars.slice(9).flatMap(([, , , , close], row) => {
      const mean = squares.slice(row, row + 10).reduce((sum, square) => sum + square, 0) / 10;
      return [Math.log(close / bars[row + 8]![4]), 0.5 * Math.log(Math.max(mean, 1e-12))];
    }),
  );
}

test(
  '65,000 real bars in 200 parts: held out, within 1 % of a refit of a sliding window',
  { skip: existsSync(file) ? false : 'MARKET_DATA_DIR is not set' },
  () => {
    const values = realRows();
    const rows = values.length / 2;
    assert.ok(rows > 65_000);
    const edge = (part: number) => Math.floor((part * rows) / 200);
    const cut = (from: number, to: number) => ({ dimensions: 2, values: values.subarray(from * 2, to * 2) });
    const first = fit(cut(0, edge(10)), { states: 3 });
    let state = startOnline(first.model, first.statistics);
    let [online, refitted, scored] = [0, 0, 0];
    for (let part = 10; part < 200; part++) {
      if (part % 10 === 9) {
        const [from, to] = [edge(part), edge(part + 1)];
        const gain = (model: Hmm) => score(model, cut(from - 300, to)) - score(model, cut(from - 300, from));
        const window = cut(Math.max(0, from - 20_000), from);
        online += gain(state.model);
        refitted += gain(fit(window, { states: 3, restarts: 2, finalists: 1 }).model);
        scored += to - from;
      }
      ({ state } = learnOnline(state, cut(edge(part), edge(part + 1))));
    }
    const loss = (refitted - online) / Math.abs(refitted);
    assert.ok(loss < 0.01, `${online / scored} nats a bar online, ${refitted / scored} refitted`);
  },
);
