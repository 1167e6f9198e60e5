import { gzipSync } from 'node:zlib';
import type { BacktestOutcome, StudyResult } from '@aistock/shared';
import { runBacktest, type BacktestResult } from '@aistock/trading/backtest';
import type { Performance } from '@aistock/trading/metrics';
import { mergeResults } from '@aistock/trading/studies';
import { renderReport, tradesCsv, type ReportedRun } from '../../report/index.ts';
import { heldSeries } from './held-series.ts';
import { honestyOf, type Honesty, type TriedBefore } from './honesty-of.ts';
import { LogFile } from './log-file.ts';
import { KeptLog, LOG_LINES_MAX, type LogSink } from './log-sink.ts';
import { ordersToWire, performanceOf, pointFigures } from './point-figures.ts';
import { snakeCase } from './snake-case.ts';
import { pointTerms } from './point-terms.ts';
import { tellDone } from './progress.ts';
import { benchmarkOf, reportInput, reviewOf } from './report-input.ts';
import type { Point, RunJob } from './run-job.ts';

/** What a run ends with. */
export interface Conclusion {
  readonly outcome: BacktestOutcome;
  /** gzip. */
  readonly report: Uint8Array;
  readonly trades: Uint8Array;
  readonly log: readonly Uint8Array[];
}

export interface ConcludeTerms {
  readonly job: RunJob;
  /** The periods whose results are the result, one after the other. */
  readonly segments: readonly Point[];
  readonly study: StudyResult;
  /** Null where nothing counts them. */
  readonly tried: TriedBefore | null;
  readonly run: Omit<ReportedRun, 'decisionLogSha256'>;
  /** Takes the whole decision log, where it is to be kept as a file. */
  readonly logFile?: string;
}

/** Everything that is known of a result once it was run. */
export interface Concluded {
  readonly terms: ConcludeTerms;
  readonly result: BacktestResult;
  readonly told: Performance;
  readonly honesty: Honesty;
  readonly logSha256: string;
}

/** Runs what the result is made of once more, with its decision log, and writes everything about it down. */
export function concludeRun(terms: ConcludeTerms): Conclusion {
  const { job, segments, study, tried } = terms;
  const file = terms.logFile === undefined ? undefined : new LogFile(terms.logFile);
  const log = new KeptLog(file ? 0 : LOG_LINES_MAX, file);
  const result = mergeResults(segments.map((point, index) => runSegment(terms, { point, index }, log)));
  const { calendar } = job.streams[0]!;
  const told = performanceOf(result, calendar, benchmarkOf(job, result));
  const honesty = honestyOf(result, told, { calendar, seed: job.request.seed, tried });
  const decisionLog = log.end();
  file?.close();
  const concluded = { terms, result, told, honesty, logSha256: decisionLog.sha256 };
  const warnings = reviewOf(concluded);
  return {
    outcome: {
      bars: result.bars,
      closes: result.closes,
      equity: { start: result.equityStart, end: result.equityEnd },
      open_at_end: result.openAtEnd,
      figures: pointFigures(result, told),
      metrics: snakeCase({ ...told, shuffle: honesty.shuffle, bootstrap: honesty.bootstrap }) as Record<
        string,
        unknown
      >,
      orders: ordersToWire(result),
      denials: { ...result.denials },
      reasons: { ...result.reasons },
      costs: { ...result.costs },
      trials: tried?.count ?? null,
      deflated_sharpe: honesty.deflatedSharpe,
      warnings: warnings.map((warning) => ({ ...warning, numbers: { ...warning.numbers } })),
      study,
      decision_log: decisionLog,
    },
    report: gzipSync(renderReport(reportInput(concluded, warnings))),
    trades: gzipSync(tradesCsv(result.trades)),
    log: log.parts,
  };
}

function runSegment(
  { job, segments }: ConcludeTerms,
  { point, index }: { readonly point: Point; readonly index: number },
  log: LogSink,
): BacktestResult {
  const progress = (share: number): void => tellDone(job, (index + share) / segments.length);
  return runBacktest(
    pointTerms(job, heldSeries(job), point, { record: (line) => log.write(line), progress }),
  );
}
