import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Db, RunRow } from '@aistock/database';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import { BACKTEST_WAIT_MS, type engineApi } from '@aistock/shared';
import type { Strategies } from '@aistock/strategy-schemas';
import { fullRequest } from './full-request.ts';
import { LOG_PART_LINES } from './job/log-sink.ts';
import {
  cancelRun,
  findRun,
  insertRun,
  listRuns,
  readArtefact,
  runToWire,
  summaryToWire,
} from './store/run-store.ts';

const RUNS_PER_PAGE = 50;
const LOG_LINES_PER_PAGE = 1_000;
const LOOK_EVERY_MS = 100;

type BacktestHandlers = Pick<
  Handlers<typeof engineApi>,
  | 'backtest'
  | 'backtests'
  | 'backtestRun'
  | 'backtestReport'
  | 'backtestTrades'
  | 'backtestLog'
  | 'cancelBacktest'
>;

export interface BacktestContext {
  readonly db: Db;
  readonly strategies: Strategies;
  readonly codeVersion: string;
  /** Something was asked for. */
  readonly wake: () => void;
}

export function backtestHandlers({ db, strategies, codeVersion, wake }: BacktestContext): BacktestHandlers {
  return {
    backtest: async ({ body, query }, { signal }) => {
      const runId = await insertRun(db, fullRequest(body, strategies), codeVersion);
      wake();
      return runToWire(query.wait ? await waitFor(db, runId, signal) : await findRun(db, runId));
    },
    backtests: async ({ query }) => {
      const limit = query.limit ?? RUNS_PER_PAGE;
      const rows = await listRuns(db, { limit: limit + 1, before: query.before });
      const page = rows.slice(0, limit);
      return {
        runs: page.map(summaryToWire),
        next_before: rows.length > limit ? page.at(-1)!.run_id : null,
      };
    },
    backtestRun: async ({ params }) => runToWire(await findRun(db, params.run_id)),
    backtestReport: ({ params }) => wholeArtefact(db, params.run_id, 'report'),
    backtestTrades: ({ params }) => wholeArtefact(db, params.run_id, 'trades'),
    backtestLog: ({ params, query }) =>
      logLines(db, params.run_id, { from: query.from ?? 0, limit: query.limit ?? LOG_LINES_PER_PAGE }),
    cancelBacktest: async ({ params }) => {
      await findRun(db, params.run_id);
      await cancelRun(db, params.run_id);
      return runToWire(await findRun(db, params.run_id));
    },
  };
}

/** The run once it is over, or as far as it is when the time is up. */
async function waitFor(db: Db, runId: string, signal: AbortSignal): Promise<RunRow> {
  const enoughMs = performance.now() + BACKTEST_WAIT_MS;
  for (;;) {
    const row = await findRun(db, runId);
    if (row.finished_at !== null || performance.now() >= enoughMs) return row;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function finishedRun(db: Db, runId: string): Promise<RunRow> {
  const row = await findRun(db, runId);
  if (row.status === 'done') return row;
  throw new ServiceError('run_unfinished', 409, `the run ${runId} is ${row.status}, and has left nothing`);
}

async function wholeArtefact(db: Db, runId: string, name: 'report' | 'trades'): Promise<string> {
  await finishedRun(db, runId);
  const [body] = await readArtefact(db, runId, name);
  return body ? gunzipSync(body).toString('utf8') : '';
}

async function logLines(
  db: Db,
  runId: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<string> {
  await finishedRun(db, runId);
  const first = Math.floor(from / LOG_PART_LINES);
  const parts = await readArtefact(db, runId, 'log', {
    from: first,
    to: Math.ceil((from + limit) / LOG_PART_LINES),
  });
  const lines = parts.flatMap((part) => gunzipSync(part).toString('utf8').split('\n').slice(0, -1));
  const skipped = from - first * LOG_PART_LINES;
  return lines
    .slice(skipped, skipped + limit)
    .map((line) => `${line}\n`)
    .join('');
}
