import type { Clients } from '../../scripts/stack/clients.ts';
import { backtestLines, firstDifference, readLog, sessionLines, type Lines } from './decision-logs.ts';
import type { PreparedCase } from './prepare-case.ts';
import { accountOf } from './proof-case.ts';
import { streamsOf } from './proof-cases.ts';
import type { CaseReport, ProofLog } from './proof-report.ts';
import { DAY_MS } from './proof-terms.ts';
import type { BacktestDone } from './run-backtest.ts';
import type { Traded } from './trade-on-paper.ts';

/** A case after it was traded in all three ways. */
export interface DoneCase {
  readonly prepared: PreparedCase;
  readonly backtest: BacktestDone;
  readonly whole: Traded;
  readonly killed: Traded;
  readonly kills: number;
  readonly closeMs: CaseReport['closeMs'];
}

/** Reads the three logs line by line, and names the first line that differs where one does. */
export async function reportCase(clients: Clients, done: DoneCase): Promise<CaseReport> {
  const { backtest, whole, killed, kills, closeMs } = done;
  const { proof, bars, modelIds, quality } = done.prepared;
  const logs = {
    backtest: await proofLog(backtest, backtestLines(clients, backtest.runId)),
    whole: await proofLog(whole, sessionLines(clients, whole.sessionId)),
    killed: { ...(await proofLog(killed, sessionLines(clients, killed.sessionId))), kills },
  };
  const differences: string[] = [];
  for (const way of ['whole', 'killed'] as const)
    if (logs[way].sha256OfLines !== logs.backtest.sha256OfLines)
      differences.push(`${way}, ${await differenceOf(clients, backtest, done[way])}`);
  return {
    case: proof.name,
    streams: streamsOf(proof),
    fromMs: bars.fromMs,
    toMs: bars.toMs,
    closes: bars.closes.length,
    days: new Set(bars.closes.map((atMs) => Math.floor(atMs / DAY_MS))).size,
    modelIds: Object.fromEntries(modelIds),
    quality,
    ...logs,
    orders: backtest.orders,
    denials: backtest.denials,
    trades: backtest.trades,
    paperOrders: {
      whole: await orderCounts(clients, accountOf(proof, 'whole')),
      killed: await orderCounts(clients, accountOf(proof, 'killed')),
    },
    closeMs,
    differences,
  };
}

async function proofLog(
  { sha256, seconds }: Pick<Traded, 'sha256' | 'seconds'>,
  lines: Lines,
): Promise<ProofLog> {
  const read = await readLog(lines);
  return { sha256, sha256OfLines: read.sha256, counts: read.counts, seconds };
}

async function differenceOf(clients: Clients, { runId }: BacktestDone, { sessionId }: Traded) {
  const found = await firstDifference(backtestLines(clients, runId), sessionLines(clients, sessionId));
  return found
    ? `line ${found.line}:\n- ${found.expected}\n+ ${found.actual}`
    : 'though no line differs: lines were left out';
}

async function orderCounts({ executor }: Clients, account: string): Promise<Record<string, number>> {
  return (await executor.orders({ query: { account, limit: '1' } })).counts;
}
