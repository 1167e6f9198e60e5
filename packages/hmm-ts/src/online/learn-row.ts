import type { Emissions } from '../families/emission-family.ts';
import { familyOf } from '../families/family-of.ts';
import { forwardBlock } from '../forward.ts';
import type { Hmm } from '../hmm.ts';
import { maximisation } from '../maximisation.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { addEmission, statisticsOver } from './running-statistics.ts';

const ONE_ROW = { from: 0, to: 1 };

/** Where a run of online EM is; it changes with every row. */
export interface Course {
  model: Hmm;
  emissions: Emissions;
  filtered: Float64Array;
  /** Of each state, the running mean of the statistics if the last row was in that state. */
  running: Running;
  /** Room for the next one. */
  spare: Running;
  /** What one row says of every state. */
  readonly ofRow: Running;
  readonly missing: boolean;
}

/** Statistics of each state, and all their numbers in one piece. */
interface Running {
  readonly numbers: Float64Array;
  readonly ofState: readonly SufficientStatistics[];
}

export function createCourse(
  model: Hmm,
  filtered: Float64Array,
  running: Float64Array,
  missing: boolean,
): Course {
  const length = running.length / model.states;
  return {
    model,
    emissions: familyOf(model.family).prepare(model, missing),
    filtered,
    running: runningOver(running.slice(), model, length),
    spare: runningOver(new Float64Array(running.length), model, length),
    ofRow: runningOver(new Float64Array(length), model, length),
    missing,
  };
}

function runningOver(numbers: Float64Array, model: Hmm, length: number): Running {
  const size = familyOf(model.family).sizeOf(model);
  const ofState = Array.from({ length: numbers.length / length }, (_, state) =>
    statisticsOver(numbers.subarray(state * length, (state + 1) * length), size),
  );
  return { numbers, ofState };
}

/**
 * One more standardised row: the filter goes on, and the statistics of the past with it. Returns the row's
 * log-likelihood.
 */
export function learnRow(course: Course, row: Float64Array, step: number): number {
  const { model, emissions, filtered, ofRow } = course;
  const { states, transition } = model;
  const predicted = filtered.length === 0 ? model.start.slice() : new Float64Array(states);
  filtered.forEach((probability, i) => {
    for (let j = 0; j < states; j++) predicted[j] = predicted[j]! + probability * transition[i * states + j]!;
  });
  const lattice = { densities: new Float64Array(states), posterior: new Float64Array(states) };
  emissions.logDensities(row, lattice.densities, ONE_ROW);
  const cameFrom = backwardProbabilities(model, filtered, predicted);
  const logLikelihood = forwardBlock(model, lattice, predicted, ONE_ROW);
  ofRow.numbers.fill(0);
  emissions.accumulate(ofRow.ofState[0]!, row, new Float64Array(states).fill(1), ONE_ROW);
  carryOn(course, cameFrom, step);
  course.filtered = lattice.posterior;
  return logLikelihood;
}

/** Row-major now × before: probability of the state before, given the state now; none at the start of a sequence. */
function backwardProbabilities(
  { states, transition }: Hmm,
  filtered: Float64Array,
  predicted: Float64Array,
): Float64Array {
  return Float64Array.from({ length: filtered.length * states }, (_, index) => {
    const now = Math.floor(index / states);
    const before = index % states;
    // What a state that cannot be reached carries is never used, but it must not be NaN.
    return predicted[now]! > 0
      ? (filtered[before]! * transition[before * states + now]!) / predicted[now]!
      : 0;
  });
}

/** The recursion of the statistics (Cappé 2011, algorithm 1). */
function carryOn(course: Course, cameFrom: Float64Array, step: number): void {
  const { model, running, spare, ofRow } = course;
  const { states } = model;
  const length = running.numbers.length / states;
  for (let now = 0; now < states; now++) {
    const next = spare.numbers.subarray(now * length, (now + 1) * length).fill(0);
    if (cameFrom.length === 0)
      for (let at = 0; at < length; at++) next[at] = (1 - step) * running.numbers[now * length + at]!;
    else
      for (let before = 0; before < states; before++) {
        const probability = cameFrom[now * states + before]!;
        const from = before * length;
        for (let at = 0; at < length; at++)
          next[at] = next[at]! + (1 - step) * probability * running.numbers[from + at]!;
        const pair = before * states + now;
        next[pair] = next[pair]! + step * probability;
      }
    addEmission(spare.ofState[now]!, ofRow.ofState[0]!, now, step);
  }
  [course.running, course.spare] = [spare, running];
}

/** The M step of the statistics, weighted by where the chain is; `rows` is what they count for. */
export function updateModel(course: Course, rows: number, varianceFloor: number): void {
  const { model, filtered, running, ofRow, missing } = course;
  weigh(ofRow.numbers, { filtered, running: running.numbers }, rows);
  course.model = maximisation(model, ofRow.ofState[0]!, varianceFloor);
  course.emissions = familyOf(model.family).prepare(course.model, missing);
}

/** Writes the statistics of the past, weighted by where the chain is, as those of so many rows. */
export function weigh(
  target: Float64Array,
  { filtered, running }: { readonly filtered: Float64Array; readonly running: Float64Array },
  rows: number,
): void {
  const { length } = target.fill(0);
  filtered.forEach((probability, state) => {
    for (let at = 0; at < length; at++)
      target[at] = target[at]! + rows * probability * running[state * length + at]!;
  });
}
