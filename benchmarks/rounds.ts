import type { BenchmarkRow, Report } from './row.ts';

const ROUNDS_MIN = 5;

/** One measurement of one side: does the work, answers the figure. */
export type Measure = () => Promise<number>;

export interface Comparison {
  readonly name: string;
  readonly ours: Measure;
  readonly peer: Measure;
  readonly peerName: string;
  readonly unit: string;
  readonly better: BenchmarkRow['better'];
  /** At least 5. */
  readonly rounds?: number;
}

/**
 * Measures ours and the peer in turn, so that what disturbs the machine disturbs both, and compares the medians.
 * The side that goes first changes with each round.
 */
export async function compare(comparison: Comparison, report: Report): Promise<BenchmarkRow> {
  const { name, ours, peer, peerName, unit, better } = comparison;
  const rounds = Math.max(ROUNDS_MIN, comparison.rounds ?? ROUNDS_MIN);
  const figures = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const sides = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    for (const side of sides) figures[side].push(await (side === 'ours' ? ours() : peer()));
    report(
      `${name}: round ${round + 1} of ${rounds}: ${figures.ours.at(-1)} and ${figures.peer.at(-1)} ${unit}`,
    );
  }
  const [oursMedian, peerMedian] = [median(figures.ours), median(figures.peer)];
  return {
    name,
    ours: oursMedian,
    peer: peerMedian,
    peer_name: peerName,
    ratio: oursMedian / peerMedian,
    unit,
    better,
  };
}

/** The middle figure, or the mean of the two in the middle. NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
