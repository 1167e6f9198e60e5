import type { StudyResult } from '@aistock/shared';
import { runBacktest, type BacktestTerms } from '@aistock/trading/backtest';
import type { LineDifference } from '@aistock/trading/studies';

export type CheckResult = Extract<StudyResult, { type: 'lookahead' | 'recursive' }>;

/** Runs a backtest and answers the lines of its decision log. */
export type LoggedRun = (terms: BacktestTerms) => readonly string[];

const LINE_CHARACTERS_MAX = 4_000;

export const loggedRun: LoggedRun = (terms) => {
  const lines: string[] = [];
  runBacktest({ ...terms, record: (line) => lines.push(line) });
  return lines;
};

export function toDifference(
  variant: string,
  atMs: number | null,
  { line, expected, actual }: LineDifference,
): CheckResult['differences'][number] {
  return {
    variant,
    at_ms: atMs,
    line,
    expected: expected.slice(0, LINE_CHARACTERS_MAX),
    actual: actual?.slice(0, LINE_CHARACTERS_MAX) ?? null,
  };
}
