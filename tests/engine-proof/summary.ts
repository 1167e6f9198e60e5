import type { CaseReport, ProofLog, ProofReport } from './proof-report.ts';

/** The report for people. */
export function summaryOf(
  { terms, bars, seconds, cases, recoveries }: ProofReport,
  faults: readonly string[],
): string[] {
  const trading = recoveries.map(({ tradingMs }) => tradingMs);
  const ready = recoveries.map(({ readyMs }) => readyMs);
  return [
    ...cases.flatMap(linesOf),
    `${recoveries.length} kills: the new engine ready after ${spread(ready)}, trading again after ${spread(trading)}`,
    `${bars} bars, ${terms.days} days, seed ${terms.seed}, ${seconds} s`,
    ...faults.map((fault) => `not proved: ${fault}`),
    ...(faults.length === 0 ? ['proved: one engine decides'] : []),
  ];
}

function linesOf(report: CaseReport): string[] {
  const { streams, backtest, whole, killed, closes, quality, fromMs, toMs } = report;
  const models = Object.keys(report.modelIds).length;
  return [
    `${streams.join(', ')}: ${closes} closes from ${day(fromMs)} to ${day(toMs)}, quality ${quality.join(', ')}, ${models} models`,
    logLine('backtest', backtest),
    logLine('paper', whole),
    logLine(`paper, ${killed.kills} kills`, killed),
    ...countLines(report),
    '',
  ];
}

function logLine(name: string, { sha256, seconds }: ProofLog): string {
  return `  ${name.padEnd(16)} ${sha256}  ${seconds.toFixed(1)} s`;
}

function countLines({ backtest: { counts }, orders, denials, trades, closeMs }: CaseReport): string[] {
  const why = Object.entries(denials).map(([code, count]) => `${code} ${count}`);
  return [
    `  ${counts.lines} lines: ${counts.orders} orders (${counts.market} market, ${counts.limits} limit, ${counts.brackets} with exits), ` +
      `${counts.cancels} cancels, ${counts.shorts} decisions while short, ${counts.selections} selections, ${counts.regimes} with a regime`,
    `  ${orders.filled} orders and exits filled, ${orders.denied} denied${why.length > 0 ? ` (${why.join(', ')})` : ''}, ${trades} trades`,
    `  a close takes ${ms(closeMs.p50)}, 99 % of them at most ${ms(closeMs.p99)}`,
  ];
}

function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function ms(value: number | null): string {
  return value === null ? 'nothing' : `${value.toFixed(1)} ms`;
}

function spread(valuesMs: readonly number[]): string {
  if (valuesMs.length === 0) return 'nothing';
  const sorted = valuesMs.toSorted((a, b) => a - b);
  return `${inSeconds(sorted[Math.floor(sorted.length / 2)]!)} s (${inSeconds(sorted[0]!)} to ${inSeconds(sorted.at(-1)!)})`;
}

function inSeconds(value: number): string {
  return (value / 1_000).toFixed(1);
}
