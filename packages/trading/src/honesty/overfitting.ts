import { ratio } from '../metrics/moments.ts';

/** Even numbers of blocks; 16 already have 12,870 halves. */
const BLOCKS_MAX = 16;

/** How well the choice of the best trial holds outside of what it was chosen on. */
export interface Overfitting {
  /** Probability of backtest overfitting: share of the splits where the best inside is no better than the median outside. */
  readonly probability: number;
  /** Share of the splits where the best inside loses outside. */
  readonly lossProbability: number;
  readonly meanLogit: number;
  /** Of the Sharpe ratio outside on that inside, of the best: below zero the better it looked, the worse it did. */
  readonly slope: number | null;
  readonly splits: number;
}

interface Split {
  readonly inside: number;
  readonly outside: number;
  readonly logit: number;
}

/**
 * Combinatorially symmetric cross-validation: Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest
 * Overfitting" (2015). The time is cut into blocks; each half of them chooses the trial with the best Sharpe ratio, and the
 * other half tells its rank. Few trials make the result noisy by itself. What is left over after whole blocks is not used.
 * @param trials returns a period of each trial, over the same times; two at least.
 * @param blocks even, from 2 to 16.
 * @throws RangeError otherwise, and where blocks are shorter than two returns.
 */
export function backtestOverfitting(trials: readonly Float64Array[], blocks: number): Overfitting {
  refuse(trials, blocks);
  const sums = trials.map((returns) => blockSums(returns, blocks));
  const splits = halves(blocks).map((chosen) => judge(sums, chosen));
  const share = (matches: (split: Split) => boolean) => splits.filter(matches).length / splits.length;
  return {
    probability: share(({ logit }) => logit <= 0),
    lossProbability: share(({ outside }) => outside < 0),
    meanLogit: splits.reduce((total, { logit }) => total + logit, 0) / splits.length,
    slope: slopeOf(splits),
    splits: splits.length,
  };
}

function refuse(trials: readonly Float64Array[], blocks: number): void {
  const length = trials[0]?.length ?? 0;
  if (trials.length < 2) throw new RangeError('overfitting shows in two trials or more');
  if (trials.some((returns) => returns.length !== length))
    throw new RangeError('trials must be over the same times');
  if (!Number.isInteger(blocks / 2) || blocks < 2 || blocks > BLOCKS_MAX)
    throw new RangeError(`blocks must be even, from 2 to ${BLOCKS_MAX}`);
  if (length < 2 * blocks) throw new RangeError('blocks must have two returns or more');
}

/** Count, sum and sum of squares of each block: all that a Sharpe ratio of any union needs. */
function blockSums(returns: Float64Array, blocks: number) {
  const length = Math.floor(returns.length / blocks);
  return Array.from({ length: blocks }, (_, block) => {
    const part = returns.subarray(block * length, (block + 1) * length);
    return {
      count: length,
      sum: part.reduce((total, value) => total + value, 0),
      squares: part.reduce((total, value) => total + value ** 2, 0),
    };
  });
}

type BlockSums = ReturnType<typeof blockSums>;

/** Every choice of half of the blocks, as bits. */
function halves(blocks: number): number[] {
  return Array.from({ length: 2 ** blocks }, (_, set) => set).filter((set) => bitsOf(set) === blocks / 2);
}

function bitsOf(set: number): number {
  return set.toString(2).replaceAll('0', '').length;
}

function judge(trials: readonly BlockSums[], chosen: number): Split {
  const inside = trials.map((sums) => sharpeOf(sums.filter((_, block) => (chosen >> block) & 1)));
  const outside = trials.map((sums) => sharpeOf(sums.filter((_, block) => !((chosen >> block) & 1))));
  const best = inside.indexOf(Math.max(...inside));
  const own = outside[best]!;
  const below = outside.filter((value) => value < own).length;
  const equal = outside.filter((value) => value === own).length;
  const rank = (below + (equal + 1) / 2) / (trials.length + 1);
  return { inside: inside[best]!, outside: own, logit: Math.log(rank / (1 - rank)) };
}

/** Mean over the sample deviation; a trial that does nothing has 0. */
function sharpeOf(sums: BlockSums): number {
  const count = sums.reduce((total, block) => total + block.count, 0);
  const mean = sums.reduce((total, block) => total + block.sum, 0) / count;
  const squares = sums.reduce((total, block) => total + block.squares, 0);
  return ratio(mean, Math.sqrt(Math.max(0, (squares - count * mean ** 2) / (count - 1)))) ?? 0;
}

/** Slope of the least squares line of outside on inside. */
function slopeOf(splits: readonly Split[]): number | null {
  const [x, y] = (['inside', 'outside'] as const).map(
    (side) => splits.reduce((total, split) => total + split[side], 0) / splits.length,
  );
  const products = splits.reduce((total, split) => total + (split.inside - x!) * (split.outside - y!), 0);
  const squares = splits.reduce((total, split) => total + (split.inside - x!) ** 2, 0);
  return ratio(products, squares);
}
