import { compareDecimal, type Bar } from '@aistock/market';
import type { MatchTerms } from './match-terms.ts';

/** The finer bars of a bar, where together they are that bar: where some are missing they cannot say what came first. */
export function usableDetail(bar: Bar, { detail }: MatchTerms): MatchTerms['detail'] {
  const first = detail?.bars[0];
  const last = detail?.bars.at(-1);
  if (!detail || !first || !last) return undefined;
  const whole =
    isSame(first.open, bar.open) &&
    isSame(last.close, bar.close) &&
    detail.bars.some(({ high }) => isSame(high, bar.high)) &&
    detail.bars.some(({ low }) => isSame(low, bar.low)) &&
    detail.bars.every(
      ({ high, low }) => compareDecimal(high, bar.high) <= 0 && compareDecimal(low, bar.low) >= 0,
    );
  return whole ? detail : undefined;
}

function isSame(one: string, other: string): boolean {
  return compareDecimal(one, other) === 0;
}
