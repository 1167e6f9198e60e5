import type { Bar } from '@aistock/market';
import type { VenueClock } from '../clock.ts';
import { barCloseMs, openedBars, type SimMarket } from '../markets/sim-market.ts';
import type { RuleBook } from '../misbehaviour/rule-book.ts';
import { restatedBar } from './bar-values.ts';
import { isMissing, marketRules, restatementMs, type MarketRules } from './shown-bar.ts';

/** A closed bar that has another value from some time on. */
export interface Restatement {
  /** The venue's time from which on it says `after`. */
  readonly atMs: number;
  readonly before: Bar;
  readonly after: Bar;
}

/** Which bars are asked for, and as of when; times in Unix ms UTC. */
export interface TruthRange {
  /** Bars that open at or after this; all unless told. */
  readonly fromMs?: number;
  /** Bars that open before this; all unless told. */
  readonly toMs?: number;
  /** As of this time of the venue; its clock now unless told. */
  readonly atMs?: number;
}

/** What the bars of a market ought to be, whatever the venue did to its answers. Markets go by name. */
export interface Truth {
  /**
   * The closed bars, ascending: with the values last restated, without those that are missing. Made as they are asked for.
   * @throws RangeError where there is no such market.
   */
  readonly bars: (market: string, range?: TruthRange) => Generator<Bar, void>;
  /** What was restated among those bars, ascending by open time. */
  readonly restatements: (market: string, range?: TruthRange) => Generator<Restatement, void>;
  /** Open times of the closed bars that are missing, ascending. */
  readonly missing: (market: string, range?: TruthRange) => Generator<number, void>;
}

export function truthOf(marketNamed: (name: string) => SimMarket, rules: RuleBook, clock: VenueClock): Truth {
  const walk = function* <T>(
    name: string,
    { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, atMs = clock.nowMs() }: TruthRange = {},
    see: (index: number, at: Sight) => T | undefined,
  ): Generator<T, void> {
    const market = marketNamed(name);
    const sight: Sight = { market, atMs, rules: marketRules(rules, market) };
    const end = Math.min(openedBars(market, atMs), market.bars.firstAt(toMs));
    for (let index = market.bars.firstAt(fromMs); index < end; index++) {
      if (barCloseMs(market, index) > atMs) return;
      const seen = see(index, sight);
      if (seen !== undefined) yield seen;
    }
  };
  return {
    bars: (name, range) => walk(name, range, settledBar),
    restatements: (name, range) => walk(name, range, restatementOf),
    missing: (name, range) =>
      walk(name, range, (index, { market, atMs, rules: ofMarket }) =>
        isMissing(market, index, atMs, ofMarket) ? market.bars.openAt(index) : undefined,
      ),
  };
}

interface Sight {
  readonly market: SimMarket;
  readonly atMs: number;
  readonly rules: MarketRules;
}

function settledBar(index: number, sight: Sight): Bar | undefined {
  const { market, atMs, rules } = sight;
  if (isMissing(market, index, atMs, rules)) return undefined;
  return restatementOf(index, sight)?.after ?? market.bars.barAt(index);
}

function restatementOf(index: number, { market, atMs: nowMs, rules }: Sight): Restatement | undefined {
  const atMs = restatementMs(market, index, rules);
  if (atMs === undefined || atMs > nowMs || isMissing(market, index, nowMs, rules)) return undefined;
  const before = market.bars.barAt(index);
  return { atMs, before, after: restatedBar(before) };
}
