import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase } from '@aistock/testkit';
import { generatedSeries, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import { compareWithTruth } from '../ingest-proof/compare.ts';
import { Ingester } from '../ingest-proof/ingester.ts';
import { MINUTE_MS } from '../ingest-proof/proof-terms.ts';
import { judgeSoak, type SoakVerdict, type StreamOutcome } from './judge-soak.ts';
import { takeSample, type Sample, type Sampled } from './sample.ts';
import {
  barsPerStream,
  CLOCK_RATE,
  HISTORY_BARS,
  instrumentsOf,
  seriesOf,
  seriesStartMs,
  sourcesFile,
  type SoakTerms,
} from './soak-terms.ts';

const SAMPLE_EVERY_S = 5;
/** About what V8 takes in the service's container of 1 GiB: on a larger machine garbage may pile up for longer than this runs. */
const HEAP_LIMITS = '--max-old-space-size=256 --max-semi-space-size=16';
/** The share of the time in which caches fill and code is compiled: at least one sample is left out. */
const WARM_UP_SHARE = 0.1;
/** Samples that say how the last bars come in once the clock stands. */
const LAST_SAMPLES_MAX = 24;

export interface SoakReport extends SoakVerdict {
  readonly terms: SoakTerms;
  readonly samples: readonly Sample[];
}

/**
 * Lets an ingester follow many streams by its own schedule, each with a new bar every second, and watches its memory.
 * @param nowMs - our clock, Unix ms.
 * @param say - told what is seen, from time to time.
 */
export async function runSoak(
  terms: SoakTerms,
  nowMs: number,
  say: (text: string) => void,
): Promise<SoakReport> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-soak-'));
  const database = await createTestDatabase();
  const startMs = seriesStartMs(terms, nowMs);
  const sim = await startSim(terms, startMs);
  const databaseUrl = database.url('data_ingester');
  const sources = sourcesFile(terms, sim.url, startMs);
  const ingester = new Ingester({
    folder,
    databaseUrl,
    simUrl: sim.url,
    sources,
    nodeOptions: HEAP_LIMITS,
  });
  try {
    await ingester.start();
    const sampled = { sim, ingester, db: database.db, streams: terms.streams };
    const samples = await watch(terms, sampled, say);
    await waitForLastBars(sampled, terms.seconds);
    samples.push(await takeSample(sampled, terms.seconds));
    const outcomes = await outcomesOf(terms, sampled);
    const warm = samples.slice(Math.max(1, Math.floor(samples.length * WARM_UP_SHARE)));
    return { terms, ...judgeSoak(terms, warm, outcomes), samples };
  } catch (error) {
    throw new Error(`the ingester said last:\n${await ingester.lastWords()}`, { cause: error });
  } finally {
    await ingester.kill();
    await sim.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startSim(terms: SoakTerms, startMs: number): Promise<VenueSim> {
  const bars = barsPerStream(terms) + 1;
  return startVenueSim({
    markets: instrumentsOf(terms).map((instrument, index) => ({
      venue: 'binance',
      instrument,
      bars: generatedSeries({ seed: terms.seed + index, timeframe: '1m', startMs, bars }),
    })),
    clock: venueClock({
      nowMs: startMs + HISTORY_BARS * MINUTE_MS,
      rate: 0,
      realMs: () => performance.now(),
    }),
    limits: { binance: Number.POSITIVE_INFINITY },
  });
}

/** Lets the venue's clock run and samples until it has run its time. */
async function watch(
  { seconds }: SoakTerms,
  sampled: Sampled,
  say: (text: string) => void,
): Promise<Sample[]> {
  const { control } = sampled.sim;
  const endMs = control.status().nowMs + seconds * 1_000 * CLOCK_RATE;
  const startMs = performance.now();
  control.setClock({ rate: CLOCK_RATE });
  const samples: Sample[] = [];
  for (let atS = SAMPLE_EVERY_S; atS <= seconds; atS += SAMPLE_EVERY_S) {
    await delay(Math.max(0, startMs + atS * 1_000 - performance.now()));
    if (atS === seconds) break;
    const sample = await takeSample(sampled, atS);
    samples.push(sample);
    say(JSON.stringify(sample));
  }
  control.setClock({ nowMs: endMs, rate: 0 });
  return samples;
}

async function waitForLastBars(sampled: Sampled, atS: number): Promise<void> {
  for (let sample = 0; sample < LAST_SAMPLES_MAX; sample++) {
    const { barsBehind } = await takeSample(sampled, atS);
    if (barsBehind === 0) return;
    await delay(SAMPLE_EVERY_S * 1_000);
  }
}

async function outcomesOf(terms: SoakTerms, { sim, ingester }: Sampled): Promise<StreamOutcome[]> {
  const { streams } = await ingester.client().streams();
  const outcomes: StreamOutcome[] = [];
  for (const series of instrumentsOf(terms).map(seriesOf)) {
    const gaps = streams.find(({ stream }) => stream === series.stream)?.gaps ?? 0;
    outcomes.push({ stream: series.stream, gaps, ...(await compareWithTruth(sim, ingester, series)) });
  }
  return outcomes;
}
