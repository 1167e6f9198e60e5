import { findFirst, findWatermark } from '@aistock/ledger';
import { ServiceError, type Clock, type Handlers } from '@aistock/service-kit';
import type { dataIngesterApi } from '@aistock/shared';
import type { Db } from '@aistock/database';
import type { StreamCatalogue } from '../stream-catalogue.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { readBackfill, readBackfills } from './backfill-progress.ts';
import { cancelBackfill, createBackfill } from './backfill-store.ts';
import { planStream, type StreamPlan } from './plan-backfill.ts';

const BACKFILLS_DEFAULT = 20;

export interface BackfillHandlerOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly catalogue: StreamCatalogue;
  /** Called when there is something new to fetch. */
  readonly wake: () => void;
}

type BackfillApi = Pick<
  typeof dataIngesterApi,
  'startBackfill' | 'backfills' | 'backfill' | 'cancelBackfill'
>;

export function createBackfillHandlers(options: BackfillHandlerOptions): Handlers<BackfillApi> {
  const { db, clock, catalogue, wake } = options;
  return {
    startBackfill: async ({ body }) => {
      const streams = catalogue.choose(body.streams);
      const nowMs = clock.nowMs();
      const range = { sinceMs: body.since_ms, untilMs: Math.min(body.until_ms ?? nowMs, nowMs) };
      if (range.sinceMs >= range.untilMs) throw inTheFuture(nowMs);
      const plan: StreamPlan[] = [];
      for (const stream of streams) plan.push(await planOf(db, stream, range));
      const names = streams.map(({ stream }) => stream);
      const id = body.dry_run ? null : await createBackfill(db, { streams: names, ...range });
      if (id !== null) wake();
      return { backfill_id: id, since_ms: range.sinceMs, until_ms: range.untilMs, plan };
    },
    backfills: async ({ query }) => ({
      backfills: await readBackfills(db, query.limit ?? BACKFILLS_DEFAULT, await catalogue.list()),
    }),
    backfill: async ({ params }) => readBackfill(db, params.backfill_id, await catalogue.list()),
    cancelBackfill: async ({ params }) => {
      await readBackfill(db, params.backfill_id, []);
      await cancelBackfill(db, params.backfill_id);
      return readBackfill(db, params.backfill_id, await catalogue.list());
    },
  };
}

async function planOf(
  db: Db,
  stream: ConfiguredStream,
  range: { readonly sinceMs: number; readonly untilMs: number },
): Promise<StreamPlan> {
  const firstMs = await findFirst(db, stream.stream);
  const watermarkMs = await findWatermark(db, stream.stream);
  return planStream(stream, range, { firstMs, watermarkMs });
}

function inTheFuture(nowMs: number): ServiceError {
  const message = `must be before now, ${nowMs}`;
  return new ServiceError('invalid_request', 400, `since_ms ${message}`, {
    fields: [{ field: 'body.since_ms', message }],
  });
}
