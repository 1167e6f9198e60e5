import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CallError } from '@aistock/shared';
import type { BacktestRun, Client, dataIngesterApi, engineApi, Input } from '@aistock/shared';
import { findStreams } from './find-streams.ts';
import type { Options } from './options.ts';
import { RunFailed, type RunWatch } from './runner.ts';

const LOOK_EVERY_MS = 300;
const LOG_LINES_PER_PAGE = 10_000;
const SLOT = 'main';

/** The services that a run needs. */
export interface Services {
  readonly engine: Client<typeof engineApi>;
  readonly ingester: Client<typeof dataIngesterApi>;
}

export interface EngineRun {
  readonly services: Services;
  readonly options: Options;
  /** Without strategy, streams and time. */
  readonly terms: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, number>> | undefined;
}

/** Has an engine run it, follows it, and brings its report, trades and log into the folder. @throws RunFailed. */
export async function runAtEngine(ask: EngineRun, { told, signal }: RunWatch): Promise<BacktestRun> {
  const { engine } = ask.services;
  const started = await post(ask);
  for (;;) {
    const run = await engine.backtestRun({ params: { run_id: started.run_id } });
    told(run.progress);
    if (run.status === 'done') {
      await fetchArtefacts(engine, run, ask.options.out);
      return run;
    }
    if (run.problem) throw new RunFailed(run.problem, false);
    if (run.status === 'cancelled' || signal.aborted) {
      await engine.cancelBacktest({ params: { run_id: run.run_id } });
      throw new RunFailed({ code: 'cancelled', detail: 'the run was cancelled' }, false);
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function post({ services, options, terms, params }: EngineRun): Promise<BacktestRun> {
  const streams = await findStreams(services.ingester, options.words);
  const { words, strategy } = options;
  const slot = {
    id: SLOT,
    strategy,
    streams: streams.map(({ stream }) => stream),
    ...(params && { params: { ...params } }),
    ...(words.model !== undefined && { model_id: words.model, model_use: words['model-use'] ?? 'confirm' }),
  };
  const firstMs = Math.max(...streams.map(({ first_open_ms: ms }) => ms ?? 0));
  const lastMs = Math.max(...streams.map(({ last_open_ms: ms }) => ms ?? 0));
  const body = {
    ...terms,
    slots: [slot],
    from_ms: options.fromMs ?? firstMs,
    to_ms: options.toMs ?? lastMs + DAY_MS,
  };
  try {
    // The engine checks the terms, which come from files, and tells every field that is wrong.
    return await services.engine.backtest({ query: {}, body: body as Body });
  } catch (error) {
    if (!(error instanceof CallError) || !error.problem) throw error;
    throw new RunFailed(error.problem, error.problem.status < SERVER_ERRORS);
  }
}

type Body = Input<typeof engineApi.backtest>['body'];

/** No bar is longer: the last one has closed by then. */
const DAY_MS = 86_400_000;
const SERVER_ERRORS = 500;

async function fetchArtefacts(engine: Services['engine'], run: BacktestRun, out: string): Promise<void> {
  const params = { run_id: run.run_id };
  await writeFile(join(out, 'report.html'), await engine.backtestReport({ params }));
  await writeFile(join(out, 'trades.csv'), await engine.backtestTrades({ params }));
  const kept = run.result?.decision_log.lines_kept ?? 0;
  await using log = await open(join(out, 'decisions.jsonl'), 'w');
  for (let from = 0; from < kept; from += LOG_LINES_PER_PAGE)
    await log.write(
      await engine.backtestLog({ params, query: { from: String(from), limit: String(LOG_LINES_PER_PAGE) } }),
    );
}
