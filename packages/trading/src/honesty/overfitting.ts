import { ratio } from '../metrics/moments.ts';

/** Even numbers of blocks; 16 already have 12,870 halves. */
const BLOCKS_MAX = 16;
/** Sums that are added up at most, over all splits; of more trials pairs of blocks are put together before. */
const SUMS_MAX = 20_000_000;

/** The returns of one block of the time: all that the Sharpe ratio of any union of blocks needs. Plain JSON. */
export interface ReturnBlock {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

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
 * Cuts returns into blocks of equal length; what is left over after whole blocks is not used.
 * @param blocks even, from 2 to 16.
 * @throws RangeError otherwise, and where blocks are shorter than two returns.
 */
export function returnBlocks(returns: Float64Array, blocks: number): ReturnBlock[] {
  if (!Number.isInteger(blocks / 2) || blocks < 2 || blocks > BLOCKS_MAX)
    throw new RangeError(`blocks must be even, from 2 to ${BLOCKS_MAX}`);
  if (returns.length < 2 * blocks) throw new RangeError('blocks must have two returns or more');
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

/**
 * Combinatorially symmetric cross-validation: Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest
 * Overfitting" (2015). The time is cut into blocks; each half of them chooses the trial with the best Sharpe ratio, and the
 * other half tells its rank. Few trials make the result noisy by itself.
 * @param trials the blocks of each trial, over the same times; two at least.
 * @throws RangeError otherwise.
 */
export function backtestOverfitting(trials: readonly (readonly ReturnBlock[])[]): Overfitting {
  const [first] = trials;
  if (!first || trials.length < 2) throw new RangeError('overfitting shows in two trials or more');
  if (trials.some((blocks) => !isOverSameTimes(blocks, first)))
    throw new RangeError('trials must be over the same times');
  const sets = halves(first.length);
  if (sets.length * trials.length * first.length > SUMS_MAX && first.length % 4 === 0)
    return backtestOverfitting(trials.map(inPairs));
  const splits = sets.map((chosen) => judge(trials, chosen));
  const share = (matches: (split: Split) => boolean) => splits.filter(matches).length / splits.length;
  return {
    probability: share(({ logit }) => logit <= 0),
    lossProbability: share(({ outside }) => outside < 0),
    meanLogit: splits.reduce((total, { logit }) => total + logit, 0) / splits.length,
    slope: slopeOf(splits),
    splits: splits.length,
  };
}

function isOverSameTimes(blocks: readonly ReturnBlock[], others: readonly ReturnBlock[]): boolean {
  return blocks.length === others.length && blocks.every(({ count }, at) => count === others[at]!.count);
}

function inPairs(blocks: readonly ReturnBlock[]): ReturnBlock[] {
  return Array.from({ length: blocks.length / 2 }, (_, pair) =>
    added(blocks[2 * pair]!, blocks[2 * pair + 1]!),
  );
}

function added(left: ReturnBlock, right: ReturnBlock): ReturnBlock {
  return {
    count: left.count + right.count,
    sum: left.sum + right.sum,
    squares: left.squares + right.squares,
  };
}

/** Every choice of half of the blocks, as bits. */
function halves(blocks: number): number[] {
  return Array.from({ length: 2 ** blocks }, (_, set) => set).filter((set) => bitsOf(set) === blocks / 2);
}

function bitsOf(set: number): number {
  return set.toString(2).replaceAll('0', '').length;
}

function judge(trials: readonly (readonly ReturnBlock[])[], chosen: number): Split {
  const inside = trials.map((blocks) => sharpeOf(blocks, chosen));
  const outside = trials.map((blocks) => sharpeOf(blocks, ~chosen));
  const most = inside.reduce((highest, value) => Math.max(highest, value));
  const best = inside.indexOf(most);
  const own = outside[best]!;
  const below = outside.filter((value) => value < own).length;
  const equal = outside.filter((value) => value === own).length;
  const rank = (below + (equal + 1) / 2) / (trials.length + 1);
  return { inside: most, outside: own, logit: Math.log(rank / (1 - rank)) };
}

/** Mean over the sample deviation, over the blocks of a set; a trial that does nothing has 0. */
function sharpeOf(blocks: readonly ReturnBlock[], set: number): number {
  let [count, total, squares] = [0, 0, 0];
  for (let block = 0; block < blocks.length; block++) {
    if (!((set >> block) & 1)) continue;
    const part = blocks[block]!;
    count += part.count;
    total += part.sum;
    squares += part.squares;
  }
  const mean = total / count;
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
