import type { LogCounts } from './decision-logs.ts';
import type { Way } from './proof-case.ts';
import type { ProofTerms } from './proof-terms.ts';
import type { BacktestDone } from './run-backtest.ts';
import type { Recovery } from './trade-killed.ts';

/** One of the three logs that have to be the same. */
export interface ProofLog {
  /** As the engine says, and as it follows from the lines that it serves. */
  readonly sha256: string;
  readonly sha256OfLines: string;
  readonly counts: LogCounts;
  readonly seconds: number;
}

export interface CaseReport {
  readonly case: string;
  readonly streams: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly closes: number;
  /** Days in UTC on which anything closed. */
  readonly days: number;
  /** By stream. */
  readonly modelIds: Readonly<Record<string, string>>;
  /** In the order of the streams. */
  readonly quality: readonly string[];
  readonly backtest: ProofLog;
  readonly whole: ProofLog;
  readonly killed: ProofLog & { readonly kills: number };
  /** Of the backtest. */
  readonly orders: BacktestDone['orders'];
  readonly denials: BacktestDone['denials'];
  readonly trades: number;
  /** What the executor holds on record of the two accounts, by status. */
  readonly paperOrders: Readonly<Record<Way, Readonly<Record<string, number>>>>;
  /** Of the paper session that nobody killed. */
  readonly closeMs: { readonly p50: number | null; readonly p99: number | null };
  /** The first line that differs from the backtest's, where one does. */
  readonly differences: readonly string[];
}

export interface ProofReport {
  readonly terms: ProofTerms;
  /** `recorded` where there is a folder of market data. */
  readonly bars: 'recorded' | 'generated';
  readonly seconds: number;
  readonly cases: readonly CaseReport[];
  readonly recoveries: readonly Recovery[];
}
