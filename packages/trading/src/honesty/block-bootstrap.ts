import { chanceAt, pickAt } from '@aistock/shared';
import { mean } from '../metrics/moments.ts';
import { sharpeAnnual } from '../metrics/return-figures.ts';
import { BandCollector, compound, refuseRuns, spreadOf } from './resampling.ts';
import type { Bands, ResamplingPolicy, Spread } from './resampling.ts';

const START_LANE = 20;
const BREAK_LANE = 21;

export interface BootstrapPolicy extends ResamplingPolicy {
  /** `stationary`: Politis and Romano (1994), blocks of random length. `moving`: Künsch (1989), blocks of one length. */
  readonly method: 'stationary' | 'moving';
  /** Length of a block, or its mean, in days: one at least, and no longer than the record. */
  readonly blockDays: number;
}

/** What other days like these would have brought. */
export interface ReturnsBootstrap {
  readonly runs: number;
  readonly days: number;
  readonly blockDays: number;
  readonly method: 'stationary' | 'moving';
  /** Null where days do not differ. */
  readonly sharpe: Spread | null;
  /** Annualised growth. */
  readonly growth: Spread;
  readonly drawdownMax: Spread;
  /** Share of the runs that end lower than they begin. */
  readonly lossProbability: number;
  /** Two-sided: share of the runs whose mean is as far from the record's as that is from zero. Days may depend on one another. */
  readonly meanPValue: number;
  readonly bands: Bands;
}

/** Days a block where nobody says otherwise: the cube root of their number, the rate of Hall, Horowitz and Jing (1995). */
export function blockDaysFor(days: number): number {
  return Math.max(1, Math.round(Math.cbrt(days)));
}

/**
 * Draws days with replacement in blocks, so that what follows upon one another stays together, and measures each draw.
 * Null of fewer than two returns. @throws RangeError for a policy out of its range.
 */
export function bootstrapReturns(
  returns: Float64Array,
  daysPerYear: number,
  policy: BootstrapPolicy,
): ReturnsBootstrap | null {
  refuseRuns(policy);
  const days = returns.length;
  if (days < 2) return null;
  if (!(policy.blockDays >= 1 && policy.blockDays <= days))
    throw new RangeError(`blocks must be from 1 to ${days} days long`);
  const collector = new BandCollector(days, policy.runs);
  const figures = runColumns(policy.runs);
  for (let run = 0; run < policy.runs; run++) {
    const drawn =
      policy.method === 'moving' ? movingDraw(returns, policy, run) : stationaryDraw(returns, policy, run);
    const { end, drawdownMax } = compound(drawn, (step, multiple) => collector.see(run, step, multiple));
    figures.growth[run] = Math.max(0, end) ** (daysPerYear / days) - 1;
    figures.drawdown[run] = drawdownMax;
    figures.mean[run] = mean(drawn)!;
    figures.sharpe[run] = sharpeAnnual(drawn, daysPerYear) ?? Number.NaN;
  }
  const { runs, blockDays, method } = policy;
  return { ...described(figures, mean(returns)!), days, runs, blockDays, method, bands: collector.bands() };
}

/** A figure of each run in one place of each column. */
function runColumns(runs: number) {
  const column = () => new Float64Array(runs);
  return { sharpe: column(), growth: column(), drawdown: column(), mean: column() };
}

function described(figures: ReturnType<typeof runColumns>, meanActual: number) {
  const runs = figures.mean.length;
  const extreme = figures.mean.filter((value) => Math.abs(value - meanActual) >= Math.abs(meanActual)).length;
  const known = figures.sharpe.filter((value) => !Number.isNaN(value));
  return {
    sharpe: known.length < runs ? null : spreadOf(known),
    growth: spreadOf(figures.growth),
    drawdownMax: spreadOf(figures.drawdown),
    lossProbability: figures.growth.filter((value) => value < 0).length / runs,
    meanPValue: (extreme + 1) / (runs + 1),
  };
}

/** From each day on to the next, round the end of the record, until chance breaks off with one in `blockDays`. */
function stationaryDraw(
  returns: Float64Array,
  { seed, blockDays }: BootstrapPolicy,
  run: number,
): Float64Array {
  const days = returns.length;
  const drawn = new Float64Array(days);
  let from = 0;
  for (let day = 0; day < days; day++) {
    const index = run * days + day;
    const broken = day === 0 || chanceAt(seed, BREAK_LANE, index) < 1 / blockDays;
    from = broken ? pickAt(days, seed, START_LANE, index) : (from + 1) % days;
    drawn[day] = returns[from]!;
  }
  return drawn;
}

/** Blocks of one length that lie within the record, the last one cut. */
function movingDraw(returns: Float64Array, { seed, blockDays }: BootstrapPolicy, run: number): Float64Array {
  const days = returns.length;
  const length = Math.floor(blockDays);
  const drawn = new Float64Array(days);
  for (let day = 0; day < days; day += length) {
    const from = pickAt(days - length + 1, seed, START_LANE, run * days + day);
    drawn.set(returns.subarray(from, from + Math.min(length, days - day)), day);
  }
  return drawn;
}
