import { canonicalJson } from '@aistock/shared';
import type { LogCounts } from './decision-logs.ts';
import type { CaseReport, ProofReport } from './proof-report.ts';

/** Fewer orders in a day say too little, whatever the hashes. */
const ORDERS_PER_DAY_MIN = 5;

/** What each case was made to put to the test. */
const COVERED: Readonly<Record<string, readonly (keyof LogCounts)[]>> = {
  crypto: ['market', 'limits', 'brackets', 'shorts', 'cancels', 'selections', 'regimes'],
  stock: ['limits', 'brackets'],
};

/** What was promised and not kept, in words; none where all is proved. */
export function faultsOf({ terms, cases }: ProofReport): string[] {
  return cases.flatMap((each) => [
    ...faultsOfLogs(each),
    ...faultsOfOrders(each, terms.days),
    ...(each.killed.kills < terms.kills
      ? [`${each.case}: killed ${each.killed.kills} times, not ${terms.kills}`]
      : []),
  ]);
}

function faultsOfLogs({ case: name, backtest, whole, killed, closes, differences }: CaseReport): string[] {
  const logs = Object.entries({ backtest, whole, killed });
  return [
    ...logs
      .filter(([, { sha256, sha256OfLines }]) => sha256 !== sha256OfLines)
      .map(([way]) => `${name}: the lines of the ${way} log do not have the hash that is told of them`),
    ...logs
      .filter(([, { sha256 }]) => sha256 !== backtest.sha256)
      .map(([way]) => `${name}: the ${way} log is another than the backtest's`),
    ...(backtest.counts.lines < closes
      ? [`${name}: ${backtest.counts.lines} lines for ${closes} closes`]
      : []),
    ...differences.map((text) => `${name}: ${text}`),
  ];
}

function faultsOfOrders(
  { case: name, backtest, orders, paperOrders, days }: CaseReport,
  daysAsked: number,
): string[] {
  const least = Math.ceil(ORDERS_PER_DAY_MIN * Math.min(daysAsked, days));
  const { whole, killed } = paperOrders;
  const unseen = COVERED[name]!.filter((kind) => backtest.counts[kind] === 0);
  return [
    ...(orders.filled < least ? [`${name}: ${orders.filled} orders filled, fewer than ${least}`] : []),
    ...(unseen.length > 0 ? [`${name}: the log has no ${unseen.join(', no ')}`] : []),
    ...(canonicalJson(whole) === canonicalJson(killed)
      ? []
      : [`${name}: orders on record differ: ${JSON.stringify(whole)} and ${JSON.stringify(killed)}`]),
  ];
}
