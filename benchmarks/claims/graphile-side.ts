import { once } from 'node:events';
import { Logger, makeWorkerUtils, run, type Runner } from 'graphile-worker';
import pg from 'pg';
import { BATCH_ITEMS, SINGLE_CLAIMERS, type Side } from './side.ts';

const TASK = 'take';
const SWEEP_MS = 200;
const quiet = new Logger(() => () => undefined);

interface Mode {
  batched?: boolean;
  concurrentJobs?: number;
}

/** graphile-worker as its own performance test runs it. */
export async function openGraphileSide(url: string): Promise<Side> {
  const pool = new pg.Pool({ connectionString: url, max: SINGLE_CLAIMERS + 2 });
  // It asks for both; a lost connection shows in the query that needs it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
  await utils.migrate();

  const start = (task: () => Promise<void>, { batched = false, concurrentJobs = SINGLE_CLAIMERS }: Mode) =>
    run({
      pgPool: pool,
      logger: quiet,
      noHandleSignals: true,
      taskList: { [TASK]: task },
      preset: {
        worker: {
          concurrentJobs,
          minResetLockedInterval: SWEEP_MS,
          maxResetLockedInterval: SWEEP_MS,
          ...(batched
            ? { localQueue: { size: BATCH_ITEMS }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
            : {}),
        },
      },
    });

  const takeAll = async (items: number, batched: boolean) => {
    const done = Promise.withResolvers<void>();
    let left = items;
    const runner = await start(
      async () => {
        left -= 1;
        if (left === 0) done.resolve();
      },
      { batched },
    );
    await done.promise;
    // Stopping waits until the completions are written.
    await runner.stop();
  };

  return {
    load: async (items) => {
      const jobs = Array.from({ length: items }, (_, n) => ({ identifier: TASK, payload: { n } }));
      await utils.addJobs(jobs);
      await pool.query('VACUUM ANALYZE graphile_worker._private_jobs');
    },
    takeOneByOne: (items) => takeAll(items, false),
    takeInBatches: (items) => takeAll(items, true),
    acceptsStale: () => acceptsStale(pool, (task) => start(task, { concurrentJobs: 1 })),
    close: async () => {
      await utils.release();
      await pool.end();
    },
  };
}

/** The claim of A is made to look 5 hours old, as if A had worked for so long: the fixed limit is 4 hours. */
async function acceptsStale(
  pool: pg.Pool,
  start: (task: () => Promise<void>) => Promise<Runner>,
): Promise<boolean> {
  const added = await pool.query<{ id: string }>('SELECT id FROM graphile_worker.add_job($1)', [TASK]);
  const id = added.rows[0]?.id;
  const a = await startHolding(start);
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '5 hours' WHERE id = $1`,
    [id],
  );
  const b = await startHolding(start);
  const completed = once(a.runner.events, 'job:complete');
  a.finish();
  await completed;
  const { rows } = await pool.query('SELECT FROM graphile_worker._private_jobs WHERE id = $1', [id]);
  b.finish();
  await Promise.all([a.runner.stop(), b.runner.stop()]);
  return rows.length === 0;
}

async function startHolding(start: (task: () => Promise<void>) => Promise<Runner>) {
  const claimed = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const runner = await start(async () => {
    claimed.resolve();
    await finished.promise;
  });
  await claimed.promise;
  return { runner, finish: finished.resolve };
}
