import { once } from 'node:events';
import { caseBars, writeBars } from './case-bars.ts';
import { quantileMs, readCloseTimes, timesSince } from './close-times.ts';
import { prepareCase, type PreparedCase } from './prepare-case.ts';
import { CASES, sourcesFile } from './proof-cases.ts';
import type { CaseReport, ProofReport } from './proof-report.ts';
import { ProofStack } from './proof-stack.ts';
import type { ProofTerms } from './proof-terms.ts';
import { reportCase, type DoneCase } from './report-case.ts';
import { runBacktest } from './run-backtest.ts';
import { tradeKilled } from './trade-killed.ts';
import { tradeWhole } from './trade-on-paper.ts';

export interface ProofWatch {
  /** Told what is done, from time to time. */
  readonly say: (text: string) => void;
  /** Ends everything when it is aborted. */
  readonly signal: AbortSignal;
}

type Measured = Pick<DoneCase, 'prepared' | 'whole' | 'closeMs'>;

/**
 * Trades the same bars three times, through a backtest, on paper through all services, and on paper with an engine that is
 * killed again and again, and compares the decision logs.
 * @param dataDir a folder of market data; bars are generated without one.
 */
export async function runEngineProof(
  terms: ProofTerms,
  dataDir: string | undefined,
  { say, signal }: ProofWatch,
): Promise<ProofReport> {
  const startMs = performance.now();
  const bars = await Promise.all(CASES.map((proof) => caseBars(proof, terms, dataDir)));
  const stack = await ProofStack.start(terms, async (folder) => {
    for (const [index, proof] of CASES.entries()) await writeBars(folder, proof, bars[index]!);
    return sourcesFile(folder);
  });
  const over = new AbortController();
  let isFinished = false;
  try {
    const broken = stack.broken.then((what) => Promise.reject(new Error(what)));
    const stopped = once(signal, 'abort').then(() => Promise.reject(new Error('stopped')));
    const proving = async () => {
      const prepared: PreparedCase[] = [];
      for (const [index, proof] of CASES.entries())
        prepared.push(await prepareCase(stack, proof, bars[index]!));
      return prove(stack, prepared, { terms, say, over: over.signal });
    };
    const found = await Promise.race([proving(), broken, stopped]);
    isFinished = true;
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    return { terms, bars: dataDir === undefined ? 'generated' : 'recorded', seconds, ...found };
  } catch (error) {
    throw new Error(`the services' logs are in ${stack.logs}`, { cause: error });
  } finally {
    over.abort();
    await stack.stop({ keepFolder: !isFinished });
  }
}

async function prove(
  stack: ProofStack,
  cases: readonly PreparedCase[],
  { terms, say, over }: Pick<ProofWatch, 'say'> & { readonly terms: ProofTerms; readonly over: AbortSignal },
): Promise<Pick<ProofReport, 'cases' | 'recoveries'>> {
  const measured: Measured[] = [];
  for (const prepared of cases) {
    measured.push(await measureWhole(stack, prepared));
    const { whole } = measured.at(-1)!;
    say(`${prepared.proof.name}: ${prepared.bars.closes.length} closes in ${whole.seconds.toFixed(1)} s`);
  }
  // Those that take the shortest first: as long as they trade, every kill hits all.
  const byTime = measured.toSorted((a, b) => a.whole.seconds - b.whole.seconds);
  const inOrder = byTime.map(({ prepared }) => prepared);
  const { traded, hits, recoveries } = await tradeKilled(stack, inOrder, { ...terms, over });
  say(`killed ${recoveries.length} times`);
  const reports: CaseReport[] = [];
  for (const [index, each] of byTime.entries()) {
    const backtest = await runBacktest(stack.clients, each.prepared);
    const killed = { killed: traded[index]!, kills: hits[index]! };
    reports.push(await reportCase(stack.clients, { ...each, ...killed, backtest }));
  }
  return { cases: reports, recoveries };
}

async function measureWhole(stack: ProofStack, prepared: PreparedCase): Promise<Measured> {
  const before = await readCloseTimes(stack.engineUrl);
  const whole = await tradeWhole(stack.clients, prepared);
  const times = timesSince(before, await readCloseTimes(stack.engineUrl));
  return { prepared, whole, closeMs: { p50: quantileMs(times, 0.5), p99: quantileMs(times, 0.99) } };
}
