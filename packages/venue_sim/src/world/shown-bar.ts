import type { Bar } from '@aistock/market';
import type { BarRule, RuleBook } from '../misbehaviour/rule-book.ts';
import { barCloseMs, type SimMarket } from '../markets/sim-market.ts';
import { formingBar, restatedBar } from './bar-values.ts';

/** How far a bar had come when it is told as it stood before its end. */
const UNSETTLED_SHARE = 0.9;

/** The rules about single bars of one market. */
export interface MarketRules {
  readonly missing: readonly BarRule<'missing_bar'>[];
  readonly changing: readonly BarRule<'last_bar_changes'>[];
  readonly restated: readonly BarRule<'restated_bar'>[];
}

export function marketRules(rules: RuleBook, market: SimMarket): MarketRules {
  return {
    missing: rules.ofBars('missing_bar', market),
    changing: rules.ofBars('last_bar_changes', market),
    restated: rules.ofBars('restated_bar', market),
  };
}

/** The bar as the venue shows it at its time `nowMs`; undefined where it shows none. */
export function shownBar(
  market: SimMarket,
  index: number,
  nowMs: number,
  rules: MarketRules,
): Bar | undefined {
  const bar = market.bars.barAt(index);
  const closedMs = barCloseMs(market, index);
  if (nowMs < closedMs) return formingBar(bar, (nowMs - bar.openMs) / (closedMs - bar.openMs));
  if (isMissing(market, index, nowMs, rules)) return undefined;
  const unsettled = rules.changing.some(
    ({ misbehaviour, chosen }) => nowMs < closedMs + misbehaviour.forMs && chosen(market, index),
  );
  if (unsettled) return formingBar(bar, UNSETTLED_SHARE);
  const restatedMs = restatementMs(market, index, rules);
  return restatedMs !== undefined && restatedMs <= nowMs ? restatedBar(bar) : bar;
}

export function isMissing(
  market: SimMarket,
  index: number,
  nowMs: number,
  { missing }: MarketRules,
): boolean {
  const closedMs = barCloseMs(market, index);
  return missing.some(
    ({ misbehaviour: { forMs = Number.POSITIVE_INFINITY }, chosen }) =>
      nowMs < closedMs + forMs && chosen(market, index),
  );
}

/** The venue's time from which on a bar has another value; undefined where it never has. */
export function restatementMs(
  market: SimMarket,
  index: number,
  { restated }: MarketRules,
): number | undefined {
  const closedMs = barCloseMs(market, index);
  let firstMs: number | undefined;
  for (const { misbehaviour, sinceMs, endMs, chosen } of restated) {
    const fromMs = Math.max(sinceMs, closedMs + misbehaviour.afterMs);
    if (fromMs > (endMs ?? Number.POSITIVE_INFINITY) || fromMs >= (firstMs ?? Number.POSITIVE_INFINITY))
      continue;
    if (chosen(market, index)) firstMs = fromMs;
  }
  return firstMs;
}
