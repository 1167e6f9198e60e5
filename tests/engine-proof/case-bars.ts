import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  closeMs,
  expectedOpens,
  formatCsvBars,
  isSessionOpen,
  parseCsvBars,
  TIMEFRAME_MS,
  type Bar,
  xnysSessionAt,
} from '@aistock/market';
import { generatedSeries } from '@aistock/venue_sim';
import type { ProofCase, ProofMarket } from './proof-case.ts';
import { DAY_MS, type ProofTerms } from './proof-terms.ts';

/** A Monday; the first day of generated bars. */
const GENERATED_FROM_MS = Date.UTC(2024, 0, 8);

/** The bars of a case, and from when to when they are traded. */
export interface CaseBars {
  /** By instrument; those that models are trained on first. */
  readonly bars: ReadonlyMap<string, readonly Bar[]>;
  readonly fromMs: number;
  readonly toMs: number;
  /** When bars that are traded close, each time once, ascending. */
  readonly closes: readonly number[];
}

/** The bars of a case: real ones from a folder of market data, generated ones where there is none. */
export async function caseBars(
  proof: ProofCase,
  terms: ProofTerms,
  dataDir: string | undefined,
): Promise<CaseBars> {
  const all = new Map<string, readonly Bar[]>();
  for (const market of proof.markets) {
    const bars =
      dataDir === undefined
        ? generatedBars(proof, market, terms)
        : await recordedBars(proof, join(dataDir, market.file));
    all.set(market.instrument, bars);
  }
  const first = all.get(proof.markets[0].instrument)!;
  const traded = proof.calendar === 'always' ? lastDays(first, terms.days) : firstSessions(first, terms.days);
  const closeOf = ({ openMs }: Bar) => closeMs(openMs, proof.timeframe, proof.calendar);
  const [fromMs, toMs] = [traded[0]!.openMs, closeOf(traded.at(-1)!)];
  const bars = new Map<string, readonly Bar[]>();
  for (const [instrument, series] of all) {
    const start = series.findIndex(({ openMs }) => openMs >= fromMs);
    const until = series.slice(Math.max(0, start - proof.trainingBars)).filter((bar) => closeOf(bar) <= toMs);
    bars.set(instrument, until);
  }
  const closes = [...bars.values()].flat().filter(({ openMs }) => openMs >= fromMs);
  return { bars, fromMs, toMs, closes: [...new Set(closes.map(closeOf))].toSorted((a, b) => a - b) };
}

/** Writes bars as the csv source reads them: `<folder>/<INSTRUMENT>/<timeframe>.csv`. */
export async function writeBars(folder: string, { timeframe }: ProofCase, { bars }: CaseBars): Promise<void> {
  for (const [instrument, series] of bars) {
    const path = join(folder, instrument.replace('/', '-'));
    await mkdir(path, { recursive: true });
    await writeFile(join(path, `${timeframe}.csv`), formatCsvBars(series));
  }
}

async function recordedBars({ calendar }: ProofCase, path: string): Promise<Bar[]> {
  const text = (await promisify(gunzip)(await readFile(path))).toString();
  return parseCsvBars(text, { calendar });
}

/** Bars of a random walk, at the times at which the market is open. */
function generatedBars(
  { timeframe, calendar, trainingBars, markets }: ProofCase,
  market: ProofMarket,
  { days, seed }: ProofTerms,
): Bar[] {
  const startMs = GENERATED_FROM_MS - trainingBars * TIMEFRAME_MS[timeframe];
  const endMs = GENERATED_FROM_MS + Math.ceil(calendar === 'always' ? days : 2 * days + 7) * DAY_MS;
  const opens = [...expectedOpens(startMs, endMs, { timeframe, calendar, sessions: 'extended' })];
  const series = generatedSeries({
    seed: seed + markets.indexOf(market),
    timeframe,
    startMs,
    bars: opens.length,
    firstPrice: market.firstPrice,
  });
  return opens.map((openMs, index) => ({ ...series.barAt(index), openMs }));
}

function lastDays(bars: readonly Bar[], days: number): Bar[] {
  const fromMs = bars.at(-1)!.openMs - days * DAY_MS;
  return bars.filter(({ openMs }) => openMs > fromMs);
}

/** So many sessions of the New York Stock Exchange, with what is before and after regular hours; of a part, from their start on. */
function firstSessions(bars: readonly Bar[], sessions: number): Bar[] {
  const taken = new Set([...new Set(bars.map(sessionOf))].slice(0, Math.ceil(sessions)));
  const whole = bars.filter((bar) => taken.has(sessionOf(bar)));
  if (sessions >= 1) return whole;
  const inHours = whole.filter(({ openMs }) => isSessionOpen('xnys', openMs));
  return inHours.slice(0, Math.ceil(whole.length * sessions));
}

const sessionOf = ({ openMs }: Bar): number | undefined => xnysSessionAt(openMs)?.midnightMs;
