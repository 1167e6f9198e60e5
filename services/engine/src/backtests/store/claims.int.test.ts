import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BacktestRequest, type PointFigures } from '@aistock/shared';
import { openDatabase, type Db } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import type { FullRequest } from '../job/run-job.ts';
import { claimRun, failRun, noteData, releaseRun, renewRun } from './run-claims.ts';
import { cancelRun, findRun, insertRun } from './run-store.ts';
import { claimItems, countItems, finishItems, offerItems, readResults } from './sweep-items.ts';

const FIGURES: PointFigures = {
  equity_end: '1',
  return_total: 0,
  cagr: null,
  sharpe: null,
  sortino: null,
  calmar: null,
  drawdown_max: null,
  profit_factor: null,
  trades: 0,
  hit_rate: null,
  exposure: 0,
  fees: '0',
  trades_sha256: '0'.repeat(64),
};
const CODE = { codeVersion: 'test' };

let database: TestDatabase;
let db: Db;
before(async () => {
  database = await createTestDatabase();
  // As the service's own role: what it may not do fails here.
  db = openDatabase({ url: database.url('engine'), applicationName: 'claims_test' });
});
after(async () => {
  await db.destroy();
  await database.drop();
});

function request(): FullRequest {
  const slot = { id: 'main', strategy: 'trend_following', streams: ['csv:A:1d'], params: { a: 1 } };
  const { slots: _given, ...rest } = BacktestRequest.parse({ slots: [slot], from_ms: 0, to_ms: 1_000 });
  return { ...rest, slots: [{ ...slot, conservative_params: { a: 1 }, model_use: 'off' }] };
}

const newRun = (): Promise<string> => insertRun(db, request(), 'test');
const expire = (table: 'run' | 'sweep_item') =>
  sql`UPDATE engine.${sql.ref(table)} SET lease_until = clock_timestamp() WHERE status = 'running'`.execute(
    database.db,
  );

test('a run has one claimer at a time; whoever held it before changes nothing', async () => {
  const runId = await newRun();
  const first = (await claimRun(db, { claimer: 'a', ...CODE })) ?? assert.fail();
  assert.equal(first.runId, runId);
  assert.equal(await claimRun(db, { claimer: 'b', ...CODE }), undefined);
  assert.equal(await renewRun(db, first, 0.5), true);
  await expire('run');
  assert.equal(await renewRun(db, first, 0.6), false, 'a lease that is over is not renewed');
  const second = (await claimRun(db, { claimer: 'b', ...CODE })) ?? assert.fail();
  assert.deepEqual([second.runId, second.epoch], [runId, first.epoch + 1]);
  assert.equal(await failRun(db, first, { code: 'late', detail: 'late' }), false);
  assert.equal(await noteData(db, first, {}), false);
  assert.equal((await findRun(db, runId)).status, 'running');
  await releaseRun(db, second);
  assert.equal(
    (await claimRun(db, { claimer: 'c', ...CODE }))?.epoch,
    second.epoch + 1,
    'given back, taken up at once',
  );
  await cancelRun(db, runId);
});

test("a run that is cancelled is nobody's, and stays as it is", async () => {
  const runId = await newRun();
  const claim = (await claimRun(db, { claimer: 'a', ...CODE })) ?? assert.fail();
  await cancelRun(db, runId);
  assert.equal(await renewRun(db, claim, 0.5), false);
  await assert.rejects(
    sql`UPDATE engine.run SET status = 'queued', finished_at = NULL WHERE run_id = ${runId}`.execute(db),
    /not allowed/,
  );
  await assert.rejects(
    sql`DELETE FROM engine.run WHERE run_id = ${runId}`.execute(db),
    /permission denied|not allowed/,
  );
});

test('points are claimed once, in their order, and finished only under the claim that still holds', async () => {
  const runId = await newRun();
  await claimRun(db, { claimer: 'owner', ...CODE });
  const points = Array.from({ length: 5 }, (_, n) => ({ params: { a: n } }));
  await offerItems(db, runId, 0, points);
  await offerItems(db, runId, 0, points);
  const [mine, theirs] = await Promise.all([
    claimItems(db, { claimer: 'a', runId, limit: 3 }),
    claimItems(db, { claimer: 'b', runId, limit: 3 }),
  ]);
  const items = [...mine, ...theirs].map(({ item }) => item).toSorted((a, b) => a - b);
  assert.deepEqual(items, [0, 1, 2, 3, 4]);
  await expire('sweep_item');
  const again = await claimItems(db, { claimer: 'c', runId, limit: 10 });
  assert.deepEqual(
    again.map(({ item, epoch }) => [item, epoch]),
    [0, 1, 2, 3, 4].map((item) => [item, 2]),
  );
  await finishItems(
    db,
    mine,
    mine.map(() => ({ figures: { ...FIGURES, trades: 1 }, blocks: null })),
  );
  assert.deepEqual(await countItems(db, runId, { from: 0, to: 5 }), { done: 0, problem: null });
  await finishItems(
    db,
    again,
    again.map(({ item }) => ({ figures: { ...FIGURES, trades: item }, blocks: null })),
  );
  assert.equal((await countItems(db, runId, { from: 0, to: 5 })).done, 5);
  assert.deepEqual(
    (await readResults(db, runId, { from: 0, to: 5 })).map(({ figures }) => figures.trades),
    [0, 1, 2, 3, 4],
  );
  await cancelRun(db, runId);
});
