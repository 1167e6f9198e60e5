import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../random.ts';
import { createWorkspace } from '../workspace.ts';
import { emptyStates } from './degenerate-states.ts';
import { runEm } from './em.ts';
import { planSearch, screen } from './search.ts';
import { startingModel } from './starts.ts';

/** Rows in two narrow clusters, which leave nothing for most of five states. */
function clusters(seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(
    { length: 120 },
    (_, row) => (row % 40 < 20 ? 0 : 5) + (row % 2) * 0.01 + random.uniform() * 0.001,
  );
}

test('a start that loses states is drawn once more, and the one with more states alive is kept', () => {
  let better = 0;
  for (let seed = 0; seed < 20; seed++) {
    const observations = { dimensions: 1, values: clusters(seed) };
    const options = { states: 5, restarts: 1, seed, screeningIterations: 30 };
    const { plan, rows } = planSearch(observations, options);
    const workspace = createWorkspace(rows, plan.size, 'plain');
    const shape = {
      size: plan.size,
      scaling: rows.scaling,
      varianceFloor: plan.em.varianceFloor,
      missing: false,
    };
    const start = startingModel(workspace.values(), shape, createRandom(plan.seeds[0]!), 0);
    const first = runEm(start, workspace, { ...plan.em, iterationsMax: 30 });
    const kept = screen(plan, { ...rows, workspace }, 0, {});
    const [lostFirst, lostKept] = [first, kept].map((run) => emptyStates(run.last.statistics).length);
    assert.ok(lostKept! <= lostFirst!, `seed ${seed}: ${lostKept} states lost, the first draw ${lostFirst}`);
    if (lostKept! < lostFirst!) better++;
    else if (lostFirst === 0) assert.deepEqual(kept.model, first.model);
  }
  assert.ok(better >= 3, `only ${better} starts were saved`);
});
