import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BacktestRequest, type PointFigures, type Study } from '@aistock/shared';
import type { FullRequest, Point } from '../job/run-job.ts';
import { runStudy, type StudyTools } from './run-study.ts';
import { ranking } from './score.ts';

const GRID = [1, 2, 3, 4].map((a) => ({ a }));
const RANGES = { a: { from: 1, to: 4, step: 1 } };

/** What a point earns: early 2 is best, from 400 on 3; nothing is known of 4. */
function figuresOf({ params, fromMs = 0 }: Point): PointFigures {
  const best = fromMs < 400 ? 2 : 3;
  const sharpe = params?.['a'] === 4 ? null : 10 - Math.abs((params?.['a'] ?? 0) - best);
  return {
    equity_end: '1',
    return_total: 0,
    cagr: null,
    sharpe,
    sortino: null,
    calmar: null,
    drawdown_max: null,
    profit_factor: null,
    trades: 1,
    hit_rate: null,
    exposure: 0,
    fees: '0',
    trades_sha256: '0'.repeat(64),
  };
}

const tools: StudyTools = {
  grid: GRID,
  evaluate: async (points) => points.map((point) => ({ figures: figuresOf(point), blocks: null })),
  check: () => assert.fail('nothing is checked'),
};

function request(study: Study): FullRequest {
  const slot = { id: 'main', strategy: 's', streams: ['csv:A:1d'], params: { a: 1 } };
  const { slots: _given, ...rest } = BacktestRequest.parse({
    slots: [slot],
    from_ms: 0,
    to_ms: 1_000,
    study,
  });
  return { ...rest, slots: [{ ...slot, conservative_params: { a: 1 }, model_use: 'off' }] };
}

/** Two returns in each of two blocks, `early` in the first on average and `late` in the second. */
const blocksOf = (early: number, late: number) =>
  [early, late].map((mean) => ({
    count: 2,
    sum: 2 * mean,
    squares: (mean - 0.01) ** 2 + (mean + 0.01) ** 2,
  }));

test('a sweep tells how likely its best is overfitted', async () => {
  const study = { type: 'sweep' as const, ranges: RANGES, criterion: 'sharpe' as const };
  const overfittingOf = async (blocks: (index: number) => ReturnType<typeof blocksOf> | null) => {
    const evaluate: StudyTools['evaluate'] = async (points) =>
      points.map((point, index) => ({ figures: figuresOf(point), blocks: blocks(index) }));
    const { study: found } = await runStudy(request(study), { ...tools, evaluate });
    return found.type === 'sweep' ? found.overfitting : assert.fail();
  };
  const lasting = await overfittingOf((index) => blocksOf(0.001 * index, 0.001 * index));
  assert.deepEqual([lasting?.probability, lasting?.splits], [0, 2]);
  const fleeting = await overfittingOf((index) => blocksOf(0.001 * index, -0.001 * index));
  assert.deepEqual([fleeting?.probability, fleeting?.loss_probability], [1, 0.5]);
  assert.equal(await overfittingOf((index) => (index === 2 ? null : blocksOf(1, 1))), null);
});

test('a sweep shows the best first, its plateau, and counts every combination', async () => {
  const study = { type: 'sweep' as const, ranges: RANGES, criterion: 'sharpe' as const };
  const { study: found, segments, tried } = await runStudy(request(study), tools);
  assert.ok(found.type === 'sweep');
  assert.deepEqual(
    found.points.map(({ params }) => params['a']),
    [2, 1, 3, 4],
  );
  assert.deepEqual(segments, [{ params: { a: 2 } }]);
  assert.deepEqual(found.plateau, { neighbours: 2, median: 9, worst: 9, near_share: 1 });
  assert.equal(tried.length, 4);
});

test('a walk chooses in each train window by what was known there, and trades after it', async () => {
  const study = {
    type: 'walk_forward' as const,
    ranges: RANGES,
    criterion: 'sharpe' as const,
    train_ms: 300,
    test_ms: 200,
    mode: 'rolling' as const,
    purge_ms: 10,
    embargo_ms: 0,
  };
  const { study: found, segments } = await runStudy(request(study), tools);
  assert.ok(found.type === 'walk_forward');
  assert.deepEqual(
    found.folds.map(({ train_from_ms: train, test_from_ms: from, params }) => [train, from, params['a']]),
    [
      [0, 310, 2],
      [200, 510, 2],
      [400, 710, 3],
    ],
  );
  assert.deepEqual(
    segments.map(({ fromMs, toMs }) => [fromMs, toMs]),
    [
      [310, 510],
      [510, 710],
      [710, 910],
    ],
  );
});

test('equal scores keep their order, and what has none comes last', () => {
  assert.deepEqual(ranking([1, null, 2, 2, -1]), [2, 3, 0, 4, 1]);
});
