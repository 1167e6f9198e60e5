import { crisisNotes } from './crises.ts';
import { fillsOutsideHours, slowFills, staleFills } from './fill-checks.ts';
import {
  flatEquity,
  luckOfTrials,
  luckyOrder,
  notSignificant,
  overfitted,
  shortPeriod,
} from './return-checks.ts';
import type { ReviewInput } from './review-input.ts';
import { settledAtEnd, setupWarnings } from './setup-checks.ts';
import { costsEatProfit, fewTrades, manyParameters, oneTrade, smallEntries } from './trade-checks.ts';
import type { Warning } from './warning.ts';

/**
 * What whoever believes a backtest should know, warnings first. The checks are those of LEAN's review of backtests, and what
 * its users missed.
 */
export function reviewBacktest(input: ReviewInput): Warning[] {
  const found = [
    setupWarnings,
    settledAtEnd,
    fewTrades,
    shortPeriod,
    manyParameters,
    notSignificant,
    luckOfTrials,
    overfitted,
    luckyOrder,
    oneTrade,
    costsEatProfit,
    smallEntries,
    flatEquity,
    staleFills,
    slowFills,
    fillsOutsideHours,
  ].flatMap((check) => check(input));
  const all = [...found, ...crisisNotes(input.curve)];
  return all.toSorted((left, right) => weight(left) - weight(right));
}

function weight({ severity }: Warning): number {
  return severity === 'warning' ? 0 : 1;
}
