import { lossOf, percent } from './faults-of.ts';
import type { ProofReport } from './proof-report.ts';
import type { RegimeTimes } from './regime-times.ts';

/** The report for people. */
export function summaryOf(report: ProofReport, faults: readonly string[]): string[] {
  const { terms, disturbed, files, runs, carried, read, quality, regime } = report;
  const { killedIdle, killedUnread, killedRead } = disturbed;
  const lost = runs.attempts - runs.trained;
  const rows: readonly (readonly [string, string])[] = [
    ['files processed exactly once', `${files.once} of ${files.files}`],
    ['bars', `${files.bars} ${report.bars}, ${carried.warmUpBars} of them only warm up`],
    ['bars in the statistics', `${carried.bars}, rows ${carried.rows}`],
    ['carried, killed', carried.sha256],
    ['carried, in peace', carried.controlSha256],
    ['runs', `${runs.trained} trained in ${runs.attempts} attempts, ${lost} of them lost`],
    [
      'killed with -9',
      `${killedUnread + killedRead} times in runs, in ${killedRead} of them after bars were read; ${killedIdle} times between runs`,
    ],
    [
      'stopped and taken over',
      `${disturbed.freezes}, of which ${disturbed.gaveUp} gave their run up afterwards`,
    ],
    ['stale completions in effect', `${files.stale}`],
    ['bars read', `${read.bars}, ${read.bars - files.bars} of them by attempts that were lost`],
    [
      'read again once counted',
      `${read.again}, and ${read.unaware} by a process that was stopped and did not know`,
    ],
    [`${quality.heldOutBars} held-out bars, online`, `${quality.online.toFixed(4)} nats a bar`],
    ...quality.refits.map(
      ({ windowBars, mean }) =>
        [`the same, refit on ${windowBars}`, `${mean.toFixed(4)} nats a bar`] as const,
    ),
    ['loss against the best refit', percent(lossOf(quality))],
    ['/regime while training', timesOf(regime.undisturbed)],
    ['the same, with kills', timesOf(regime.disturbed)],
  ];
  return [
    ...rows.map(([what, value]) => `${what.padEnd(32)}${value}`),
    `seed ${terms.seed}, ${report.seconds} s`,
    ...faults.map((fault) => `not proved: ${fault}`),
    ...(faults.length === 0 ? ['proved: every bar was trained exactly once'] : []),
  ];
}

function timesOf({ answers, p50Ms, p99Ms }: RegimeTimes): string {
  return answers === 0
    ? 'no answers'
    : `p50 ${p50Ms?.toFixed(1)} ms, p99 ${p99Ms?.toFixed(1)} ms of ${answers}`;
}
