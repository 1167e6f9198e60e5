import { z } from 'zod';
import { READERS, route, TRADERS } from '../../route.ts';
import { FlagText, intText, Name } from '../../vocabulary.ts';
import { BacktestRequest } from './backtest-request.ts';
import { BacktestRun, BacktestSummary } from './backtest-run.ts';

const RUNS_PER_PAGE_MAX = 200;
const LOG_LINES_PER_PAGE_MAX = 10_000;
/** How long `?wait=true` waits; the run goes on when it is over. */
export const BACKTEST_WAIT_MS = 120_000;
const ANSWER_MARGIN_MS = 10_000;

const RunInPath = z.strictObject({ run_id: z.uuid() });

export const backtestRoutes = {
  strategies: route({
    method: 'GET',
    path: '/strategies',
    summary: 'The strategies that the engine can run.',
    roles: READERS,
    response: z.strictObject({
      strategies: z.array(
        z.strictObject({ strategy: Name, description: z.string(), params: z.array(z.string()) }),
      ),
    }),
  }),
  backtest: route({
    method: 'POST',
    path: '/backtest',
    summary: 'Run strategies over past bars with the code that trades; answers at once, or with the result.',
    roles: TRADERS,
    query: z.strictObject({ wait: FlagText.optional() }),
    body: BacktestRequest,
    response: BacktestRun,
    successStatus: 202,
    timeoutMs: BACKTEST_WAIT_MS + ANSWER_MARGIN_MS,
  }),
  backtests: route({
    method: 'GET',
    path: '/backtests',
    summary: 'The runs, newest first, a page at a time.',
    roles: READERS,
    query: z.strictObject({
      limit: intText(1, RUNS_PER_PAGE_MAX).optional(),
      /** Runs before this one: the last of the page before. */
      before: z.uuid().optional(),
    }),
    response: z.strictObject({
      runs: z.array(BacktestSummary),
      /** Null on the last page. */
      next_before: z.uuid().nullable(),
    }),
  }),
  backtestRun: route({
    method: 'GET',
    path: '/backtests/:run_id',
    summary: 'How far a run is, and what came of it.',
    roles: READERS,
    params: RunInPath,
    response: BacktestRun,
  }),
  backtestReport: route({
    method: 'GET',
    path: '/backtests/:run_id/report',
    summary: 'The report of a finished run, as a page.',
    roles: READERS,
    params: RunInPath,
    response: z.string(),
    contentType: 'text/html',
  }),
  backtestTrades: route({
    method: 'GET',
    path: '/backtests/:run_id/trades',
    summary: 'The closed trades of a finished run as CSV.',
    roles: READERS,
    params: RunInPath,
    response: z.string(),
    contentType: 'text/csv',
  }),
  backtestLog: route({
    method: 'GET',
    path: '/backtests/:run_id/log',
    summary:
      'Lines of the decision log of a finished run, as they were hashed; fewer than asked for at the end.',
    roles: READERS,
    params: RunInPath,
    query: z.strictObject({
      from: intText(0, 999_999_999).optional(),
      limit: intText(1, LOG_LINES_PER_PAGE_MAX).optional(),
    }),
    response: z.string(),
    contentType: 'application/x-ndjson',
  }),
  cancelBacktest: route({
    method: 'DELETE',
    path: '/backtests/:run_id',
    summary: 'Cancel a run that is not finished; a finished one stays as it is.',
    roles: TRADERS,
    params: RunInPath,
    response: BacktestRun,
  }),
} as const;
