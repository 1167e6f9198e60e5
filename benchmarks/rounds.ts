import type { Report } from './row.ts';

const ROUNDS = 5;

/** One round of one side: does the work, answers its figures. */
export type Round<Figure extends string> = () => Promise<Readonly<Record<Figure, number>>>;

export interface RoundsOptions<Figure extends string> {
  /** The figures to take the medians of. */
  readonly measure: readonly Figure[];
  readonly say: Report;
  /** At least 5. */
  readonly rounds?: number;
}

/**
 * Measures the sides in turn, so that what disturbs the machine disturbs all of them, and answers the median of each
 * figure of each side. Which side goes first changes from round to round.
 */
export function medianRounds<Side extends string, Figure extends string>(
  sides: Readonly<Record<Side, Round<Figure>>>,
  options: RoundsOptions<Figure>,
): Promise<Record<Side, Record<Figure, number>>> {
  return takeRounds(sides, options, median);
}

/** The same with the least of each figure: for pure computation, to which a busy machine can only add. */
export function leastRounds<Side extends string, Figure extends string>(
  sides: Readonly<Record<Side, Round<Figure>>>,
  options: RoundsOptions<Figure>,
): Promise<Record<Side, Record<Figure, number>>> {
  return takeRounds(sides, options, (figures) => Math.min(...figures));
}

async function takeRounds<Side extends string, Figure extends string>(
  sides: Readonly<Record<Side, Round<Figure>>>,
  { measure, say, rounds = ROUNDS }: RoundsOptions<Figure>,
  take: (figures: readonly number[]) => number,
): Promise<Record<Side, Record<Figure, number>>> {
  const names = Object.keys(sides) as Side[];
  const results = new Map(names.map((name) => [name, [] as Readonly<Record<Figure, number>>[]]));
  const count = Math.max(ROUNDS, rounds);
  for (let round = 0; round < count; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const figures = await sides[name]();
      results.get(name)?.push(figures);
      const told = measure.map((figure) => `${figure} ${figures[figure].toPrecision(4)}`).join(', ');
      say(`round ${round + 1} of ${count}, ${name}: ${told}`);
    }
  }
  const taken = (name: Side) =>
    measure.map((figure) => [figure, take((results.get(name) ?? []).map((one) => one[figure]))]);
  return Object.fromEntries(names.map((name) => [name, Object.fromEntries(taken(name))])) as Record<
    Side,
    Record<Figure, number>
  >;
}

/** The middle figure, or the mean of the two in the middle; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
