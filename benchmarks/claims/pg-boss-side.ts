import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { BATCH_CLAIMERS, BATCH_ITEMS, SINGLE_CLAIMERS, type Side, takeAll } from './side.ts';

const QUEUE = 'bench';
const STALE_QUEUE = 'stale';
const JOBS_PER_INSERT = 1_000;
const EXPIRE_MS = 1_000;

/** pg-boss through fetch and complete; its own loops, which look for work twice a second, are left out. */
export async function openPgBossSide(url: string): Promise<Side> {
  const boss = new PgBoss({ connectionString: url, max: SINGLE_CLAIMERS, supervise: false, schedule: false });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.createQueue(STALE_QUEUE, { expireInSeconds: EXPIRE_MS / 1_000, retryLimit: 3, retryDelay: 0 });
  const admin = new pg.Pool({ connectionString: url, max: 1 });

  const take = async (batchSize: number) => {
    const jobs = await boss.fetch(QUEUE, { batchSize });
    if (jobs.length > 0) {
      await boss.complete(
        QUEUE,
        jobs.map((job) => job.id),
      );
    }
    return jobs.length;
  };

  return {
    load: async (items) => {
      for (let from = 0; from < items; from += JOBS_PER_INSERT) {
        const count = Math.min(JOBS_PER_INSERT, items - from);
        await boss.insert(
          QUEUE,
          Array.from({ length: count }, (_, n) => ({ data: { n: from + n } })),
        );
      }
      await admin.query('VACUUM ANALYZE');
    },
    takeOneByOne: (items) => takeAll(SINGLE_CLAIMERS, items, () => take(1)),
    takeInBatches: (items) => takeAll(BATCH_CLAIMERS, items, () => take(BATCH_ITEMS)),
    acceptsStale: () => acceptsStale(boss),
    close: async () => {
      await admin.end();
      await boss.stop({ graceful: false });
    },
  };
}

async function acceptsStale(boss: PgBoss): Promise<boolean> {
  await boss.send(STALE_QUEUE, {});
  const [a] = await boss.fetch(STALE_QUEUE);
  if (a === undefined) throw new Error('a got nothing');
  await delay(EXPIRE_MS + 100);
  await boss.supervise(STALE_QUEUE);
  const [b] = await boss.fetch(STALE_QUEUE);
  if (b?.id !== a.id) throw new Error('b did not get the job of a');
  await boss.complete(STALE_QUEUE, a.id, { by: 'a' });
  const [job] = await boss.findJobs(STALE_QUEUE, { id: a.id });
  return job?.state === 'completed';
}
