import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import { listStreams } from '@aistock/ledger';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import {
  TRAINING_WAIT_MS,
  type trainingRoutes,
  type TrainingRequest,
  type TrainingRun,
} from '@aistock/shared';
import type { Strategies } from '@aistock/strategy-schemas';
import type { Config } from '../config.ts';
import { findModelOfRun } from '../registry/models.ts';
import { streamParts } from '../stream-parts.ts';
import { createPlaces } from './runs/listening-places.ts';
import { anyOpen, cancelRun, findRun, insertRuns, listRuns, type RunRow } from './runs/run-store.ts';
import { runToWire } from './runs/run-to-wire.ts';
import { tellEvents } from './runs/tell-events.ts';
import { fullTerms } from './runs/training-terms.ts';

const RUNS_DEFAULT = 50;
const LOOK_EVERY_MS = 100;
const EVENT_STREAMS_MAX = 64;

export interface TrainingHandlerContext {
  readonly db: Db;
  readonly config: Config;
  readonly strategies: Strategies;
  /** Runs were queued. */
  readonly wake: () => void;
  /** A run was cancelled that this process may work on. */
  readonly cancelled: (runId: string) => void;
}

export function createTrainingHandlers(context: TrainingHandlerContext): Handlers<typeof trainingRoutes> {
  const { db, config } = context;
  const listening = createPlaces(EVENT_STREAMS_MAX);
  const wire = async (row: RunRow): Promise<TrainingRun> =>
    runToWire(row, row.status === 'trained' ? await findModelOfRun(db, row.run_id) : undefined);
  return {
    train: async ({ body = {}, query }, { signal, gone }) => {
      refuseUnknown(body.strategies ?? [], context.strategies);
      const runIds = await insertRuns(db, await streamsToTrain(db, body), fullTerms(body, config));
      context.wake();
      if (query.wait) await waitFor(db, runIds, AbortSignal.any([signal, gone]));
      return { runs: await Promise.all(runIds.map(async (runId) => wire(await findRun(db, runId)))) };
    },
    runs: async ({ query }) => {
      const rows = await listRuns(db, { ...query, limit: query.limit ?? RUNS_DEFAULT });
      return { runs: await Promise.all(rows.map(wire)) };
    },
    run: async ({ params }) => wire(await findRun(db, params.id)),
    runEvents: async ({ params }, request) => {
      await listening(() => tellEvents(db, params.id, request));
      return '';
    },
    cancelRun: async ({ params }) => {
      await findRun(db, params.id);
      await cancelRun(db, params.id);
      context.cancelled(params.id);
      return wire(await findRun(db, params.id));
    },
  };
}

function refuseUnknown(asked: readonly string[], strategies: Strategies): void {
  const unknown = asked.filter((strategy) => !strategies.has(strategy));
  if (unknown.length === 0) return;
  throw new ServiceError('strategy_unknown', 404, `there is no strategy ${unknown.join(', ')}`, {
    fields: [{ field: 'strategies', message: `must be among ${[...strategies.keys()].join(', ')}` }],
  });
}

async function streamsToTrain(db: Db, { streams, instrument }: TrainingRequest): Promise<readonly string[]> {
  const known = await listStreams(db);
  if (instrument !== undefined) {
    const own = known
      .map(({ stream }) => stream)
      .filter((stream) => streamParts(stream).instrument === instrument);
    if (own.length > 0) return own;
    throw new ServiceError('stream_unknown', 404, `no file was ever registered for ${instrument}`, {
      fields: [{ field: 'instrument', message: 'must be the instrument of a stream that has files' }],
    });
  }
  if (!streams)
    return known
      .filter(({ files }) => (files.downloaded ?? 0) + (files.processing ?? 0) > 0)
      .map(({ stream }) => stream);
  const names = new Set(known.map(({ stream }) => stream));
  const unknown = streams.filter((stream) => !names.has(stream));
  if (unknown.length > 0)
    throw new ServiceError('stream_unknown', 404, `no file was ever registered for ${unknown.join(', ')}`, {
      fields: [{ field: 'streams', message: `must be among ${[...names].join(', ') || 'none yet'}` }],
    });
  return [...new Set(streams)];
}

/** Until all are over, or the time is up: the runs go on without whoever waits. */
async function waitFor(db: Db, runIds: readonly string[], signal: AbortSignal): Promise<void> {
  if (runIds.length === 0) return;
  const enoughMs = performance.now() + TRAINING_WAIT_MS;
  while ((await anyOpen(db, runIds)) && performance.now() < enoughMs)
    await delay(LOOK_EVERY_MS, undefined, { signal });
}
