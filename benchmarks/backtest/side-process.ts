import { performance } from 'node:perf_hooks';
import type { BarSeries } from '@aistock/trading/bars';
import { repeated, shortSeries } from './crossover-series.ts';
import type { Crossover } from './crossover.ts';
import { runEngine, tradesSha256, type Fills } from './engine-side.ts';
import { grademarkRows, runGrademark, runGrademarkMeans } from './grademark-side.ts';
import { sweepPairs } from './sweep-pairs.ts';

/** What a side did, as its process tells it. */
export interface SideResult {
  readonly bars: number;
  readonly ms: number;
  readonly peakMib: number;
  readonly trades: number;
  readonly equity: string;
  /** Over every trade; null for a peer, which has no such books. */
  readonly sha256: string | null;
}

const LONG_BARS = 1_051_200;
const SHORT: Crossover = { fast: 10, slow: 30, cash: 1_000_000, fee: 0.001 };
/** At 0.1 % a side the account of the long form would decay to nothing. */
const LONG: Crossover = { ...SHORT, fee: 0.0001 };

type Work = (bars: BarSeries) => Omit<SideResult, 'ms' | 'peakMib'>;

const engine =
  (work: Crossover, fills: Fills): Work =>
  (bars) => {
    const result = runEngine(bars, work, fills);
    return {
      bars: bars.length,
      trades: result.trades.length,
      equity: result.equityEnd,
      sha256: tradesSha256(result),
    };
  };

const engineSweep: Work = (bars) => {
  const results = sweepPairs().map((pair) => runEngine(bars, { ...SHORT, ...pair }, 'reference'));
  const best = results.toSorted((a, b) => Number(b.equityEnd) - Number(a.equityEnd))[0]!;
  const trades = results.reduce((sum, each) => sum + each.trades.length, 0);
  return { bars: bars.length * results.length, trades, equity: best.equityEnd, sha256: tradesSha256(best) };
};

/** Grademark gets its rows ready made: what is timed is its backtest. */
const grademark = (work: Crossover, bars: BarSeries): Work => {
  const rows = grademarkRows(bars, work);
  return () => {
    const { trades, equity } = runGrademark(rows, work);
    return { bars: rows.length, trades, equity: String(equity), sha256: null };
  };
};

/** The means too are its own, made as its guide makes them. */
const grademarkMeans = (work: Crossover, bars: BarSeries): Work => {
  const rows = grademarkRows(bars, work);
  return () => {
    const { trades, equity } = runGrademarkMeans(rows, work);
    return { bars: rows.length, trades, equity: String(equity), sha256: null };
  };
};

const grademarkSweep = (bars: BarSeries): Work => {
  const works = sweepPairs().map((pair) => ({ ...SHORT, ...pair }));
  return () => {
    const results = works.map((work) => runGrademark(grademarkRows(bars, work), work));
    const trades = results.reduce((sum, each) => sum + each.trades, 0);
    const equity = Math.max(...results.map((each) => each.equity));
    return { bars: bars.length * works.length, trades, equity: String(equity), sha256: null };
  };
};

/** Warms up on the short series, then does the work once. */
function measure(name: string): SideResult {
  const short = shortSeries();
  const isShort = name.endsWith('sweep') || name.endsWith('short');
  const bars = isShort ? short : repeated(short, LONG_BARS);
  const works: Readonly<Record<string, () => [warmUp: Work, work: Work]>> = {
    reference: () => [engine(SHORT, 'reference'), engine(LONG, 'reference')],
    venue: () => [engine(SHORT, 'venue'), engine(LONG, 'venue')],
    grademark: () => [grademark(SHORT, short), grademark(LONG, bars)],
    'reference-short': () => [engine(SHORT, 'reference'), engine(SHORT, 'reference')],
    'grademark-means-short': () => [grademark(SHORT, short), grademarkMeans(SHORT, short)],
    'reference-sweep': () => [engine(SHORT, 'reference'), engineSweep],
    'grademark-sweep': () => [grademark(SHORT, short), grademarkSweep(short)],
  };
  const [warmUp, work] = works[name]!();
  warmUp(short);
  const startedMs = performance.now();
  const done = work(bars);
  const ms = performance.now() - startedMs;
  return { ...done, ms, peakMib: process.resourceUsage().maxRSS / 1024 };
}

process.stdout.write(JSON.stringify(measure(process.argv[2] ?? '')));
