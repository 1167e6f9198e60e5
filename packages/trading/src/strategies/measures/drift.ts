import type { BarView } from '../../bars/index.ts';
import { normalCdf } from '../../policy/normal.ts';

/** Mean and sample standard deviation of log returns. */
interface Returns {
  readonly mean: number;
  readonly sd: number;
}

/** Of the last `count` log returns of closes, at least two. */
export function logReturns(bars: BarView, count: number): Returns {
  const mean = Math.log(bars.close(0) / bars.close(count)) / count;
  let squares = 0;
  for (let ago = 0; ago < count; ago++)
    squares += (Math.log(bars.close(ago) / bars.close(ago + 1)) - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / (count - 1)) };
}

/**
 * Probability that prices drift upward, from the last `count` log returns, at least two. They are taken as independent and
 * normal with their own standard deviation; the drift has a normal prior around zero that weighs as much as the returns do,
 * because a rule looks at them just when they are at their best. The posterior's probability is then Φ(t / √2) with t the
 * mean over its standard error (conjugate normal model, Gelman et al., Bayesian Data Analysis, 3rd ed., 2.5).
 */
export function upwardProbability(bars: BarView, count: number): number {
  const { mean, sd } = logReturns(bars, count);
  if (sd === 0) return mean === 0 ? 0.5 : Number(mean > 0);
  return normalCdf((mean * Math.sqrt(count)) / sd / Math.SQRT2);
}
