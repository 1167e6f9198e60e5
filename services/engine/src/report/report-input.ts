import type { Calendar } from '@aistock/market';
import type { RegimeFrom } from '@aistock/report';
import type { BacktestOutcome, StudyResult } from '@aistock/shared';
import type { BarColumns } from '@aistock/trading/bars';
import type { ClosedTrade } from '@aistock/trading/core';
import type { ReturnsBootstrap, TradeShuffle } from '@aistock/trading/honesty';
import type { EquityCurve, Performance } from '@aistock/trading/metrics';
import type { Warning } from '@aistock/trading/review';
import type { StrategyParams } from '@aistock/trading/strategies';

/** What names a run, so that it can be had again. */
export interface ReportedRun {
  readonly runId: string;
  /** `single`, `sweep`, `walk_forward`, ... */
  readonly study: string;
  readonly createdMs: number;
  readonly seed: number;
  readonly codeVersion: string;
  readonly configSha256: string;
  readonly decisionLogSha256: string;
  /** Of the bars that were used, by stream. */
  readonly dataSha256: Readonly<Record<string, string>>;
}

/** A strategy on its streams. */
export interface ReportedSlot {
  readonly id: string;
  readonly strategy: string;
  readonly streams: readonly string[];
  readonly params: StrategyParams;
  readonly modelUse: string;
  readonly modelId: string | null;
}

/** The bars that were traded in an instrument, beside its trades. */
export interface ReportedChart {
  readonly stream: string;
  readonly instrument: string;
  readonly bars: BarColumns;
  /** Ascending; empty where no model was asked. */
  readonly regimes: readonly RegimeFrom[];
}

/** Everything that the report of a backtest shows. */
export interface ReportInput {
  readonly run: ReportedRun;
  readonly slots: readonly ReportedSlot[];
  /** What money is in, such as USD. */
  readonly currency: string;
  readonly calendar: Calendar;
  readonly performance: Performance;
  readonly curve: EquityCurve;
  readonly charts: readonly ReportedChart[];
  /** In the order of their exits. */
  readonly trades: readonly ClosedTrade[];
  readonly orders: BacktestOutcome['orders'];
  /** By code. */
  readonly denials: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  /** Decimal text. */
  readonly costs: BacktestOutcome['costs'];
  readonly warnings: readonly Warning[];
  /** Null where nothing counts them. */
  readonly trials: number | null;
  readonly deflatedSharpe: number | null;
  readonly shuffle: TradeShuffle | null;
  readonly bootstrap: ReturnsBootstrap | null;
  readonly study: StudyResult;
}
