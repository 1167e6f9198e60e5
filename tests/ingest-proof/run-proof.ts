import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@aistock/testkit';
import { generatedSeries, KIND_NAMES, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import { compareWithTruth, type Comparison } from './compare.ts';
import { Ingester } from './ingester.ts';
import {
  clockHalts,
  MARKET,
  misbehaviours,
  settledMs,
  START_MS,
  STREAM,
  type ProofTerms,
} from './proof-terms.ts';
import { recheckAll, type Rechecked } from './recheck.ts';
import { BarTaker, type Taken } from './take-bars.ts';
import { ledgerFaults, recordWatermarks, type LedgerFaults } from './watermark-history.ts';

const TIMEOUT_MS = 300;

export interface ProofReport {
  readonly terms: ProofTerms;
  readonly seconds: number;
  readonly taken: Taken;
  readonly rechecked: Rechecked;
  readonly comparison: Comparison;
  readonly ledger: LedgerFaults;
  /** How often the venue misbehaved: requests for most, bars for those that are missing, restated or changed. */
  readonly misbehaved: Readonly<Record<string, number>>;
}

/**
 * Takes a stream from a venue that misbehaves in every way it can, with an ingester that is killed again and again, and
 * compares what came of it with the truth.
 * @param say - told what is done, from time to time.
 */
export async function runIngestProof(terms: ProofTerms, say: (text: string) => void): Promise<ProofReport> {
  const startMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'aistock-proof-'));
  const database = await createTestDatabase();
  const sim = await startSim(terms);
  const databaseUrl = database.url('data_ingester');
  const sources = sourcesFile(terms, sim.url);
  const ingester = new Ingester({ folder, databaseUrl, simUrl: sim.url, sources });
  try {
    await recordWatermarks(database.db);
    await ingester.start();
    const taker = new BarTaker(sim, ingester, terms);
    for (const nowMs of clockHalts(terms)) {
      await taker.takeUntil(nowMs);
      const { calls, killed } = taker.taken();
      say(`taken up to ${new Date(nowMs).toISOString()}: ${calls} calls, ${killed} kills`);
    }
    await taker.killRest();
    sim.control.setClock({ nowMs: settledMs(terms) });
    const misbehaved = whatTheVenueDid(sim);
    const rechecked = await recheckAll(sim, ingester, terms);
    say(`asked again for everything: ${rechecked.restated} bars restated, ${rechecked.late} late`);
    const comparison = await compareWithTruth(sim, ingester, { market: MARKET, stream: STREAM });
    const ledger = await ledgerFaults(database.db, STREAM);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    return { terms, seconds, taken: taker.taken(), rechecked, comparison, ledger, misbehaved };
  } catch (error) {
    throw new Error(`the ingester said last:\n${await ingester.lastWords()}`, { cause: error });
  } finally {
    await ingester.kill();
    await sim.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startSim(terms: ProofTerms): Promise<VenueSim> {
  const { seed, bars } = terms;
  const series = generatedSeries({ seed, timeframe: '1m', startMs: START_MS, bars });
  return startVenueSim({
    markets: [{ venue: 'binance', instrument: 'BTC/USDT', bars: series }],
    clock: venueClock({ nowMs: START_MS, rate: 0, realMs: () => performance.now() }),
    misbehave: misbehaviours(terms),
    limits: { binance: Number.POSITIVE_INFINITY },
  });
}

function sourcesFile({ chunkBars }: ProofTerms, simUrl: string): string {
  return `sources:
  sim: { kind: ccxt, exchange: binance, origin: '${simUrl}', timeout_ms: ${TIMEOUT_MS} }
streams:
  - sources: [sim]
    instruments: [BTC/USDT]
    timeframes: [1m]
    calendar: always
    start: ${START_MS}
    chunk_bars: ${chunkBars}
`;
}

/** Of the bars that have just closed every one changes: no draw tells how many were seen so. */
function whatTheVenueDid({ control, truth }: VenueSim): Record<string, number> {
  const counted = KIND_NAMES.filter((kind) => kind !== 'last_bar_changes');
  const did = Object.fromEntries(counted.map((kind) => [kind, 0]));
  for (const { misbehaviour, hits } of control.status().rules)
    if (misbehaviour.kind in did) did[misbehaviour.kind]! += hits;
  return {
    ...did,
    missing_bar: [...truth.missing(MARKET)].length,
    restated_bar: [...truth.restatements(MARKET)].length,
  };
}
