import type { Bar } from '@aistock/market';
import { pickAt } from '@aistock/shared';
import { openedBars, type SimMarket } from '../markets/sim-market.ts';
import type { PageKind } from '../misbehaviour/misbehaviour.ts';
import type { RuleBook } from '../misbehaviour/rule-book.ts';
import { marketRules, shownBar } from './shown-bar.ts';

const SHUFFLE_LANE = 300;

/** Which bars are asked for: the first `limit` from `fromMs` on, or the last `limit` where that is not told. */
export interface PageRequest {
  readonly fromMs: number | undefined;
  /** The last open time that is wanted; any unless told. */
  readonly untilMs?: number | undefined;
  readonly limit: number;
}

/** Pages of bars as the venue shows them, with what it was told to do wrong to them. */
export class BarPages {
  readonly #rules: RuleBook;
  /** The page that each market gave last. */
  readonly #last = new Map<string, readonly Bar[]>();
  #shuffles = 0;

  constructor(rules: RuleBook) {
    this.#rules = rules;
  }

  /** The bars of a page that opened by `nowMs`, ascending where the venue behaves; the last one may be forming. */
  page(market: SimMarket, asked: PageRequest, nowMs: number): readonly Bar[] {
    const last = this.#last.get(market.name);
    const possible: PageKind[] = ['earliest_bars', 'wrong_order', 'overlap'];
    if (last) possible.push('page_twice');
    const fault = this.#rules.judge(possible, market.venue, market.name);
    if (fault?.kind === 'page_twice' && last) return last;

    const select = (from: PageRequest, backBars = 0): readonly Bar[] =>
      selectBars(market, { ...from, nowMs, backBars }, this.#rules);
    const bars =
      fault?.kind === 'earliest_bars'
        ? select({ fromMs: 0, limit: asked.limit })
        : select(asked, fault?.kind === 'overlap' ? fault.bars : 0);
    this.#last.set(market.name, bars);
    return fault?.kind === 'wrong_order' ? shuffled(bars, fault.seed, this.#shuffles++) : bars;
  }
}

interface Selection extends PageRequest {
  readonly nowMs: number;
  /** So many bars before the first one that is asked for. */
  readonly backBars: number;
}

function selectBars(market: SimMarket, asked: Selection, rules: RuleBook): Bar[] {
  const { fromMs, untilMs, limit, nowMs, backBars } = asked;
  const end = openedBars(market, Math.min(nowMs, untilMs ?? nowMs));
  const ofMarket = marketRules(rules, market);
  const bars: Bar[] = [];
  const take = (index: number): void => {
    const bar = shownBar(market, index, nowMs, ofMarket);
    if (bar) bars.push(bar);
  };
  if (fromMs === undefined) {
    for (let index = end - 1; index >= 0 && bars.length < limit; index--) take(index);
    return bars.toReversed();
  }
  const begin = Math.max(0, market.bars.firstAt(fromMs) - backBars);
  for (let index = begin; index < end && bars.length < limit; index++) take(index);
  return bars;
}

/** Fisher and Yates, with the same draws for the same number. */
function shuffled(bars: readonly Bar[], seed: number, number: number): Bar[] {
  const order = [...bars];
  for (let at = order.length - 1; at > 0; at--) {
    const other = pickAt(at + 1, seed, SHUFFLE_LANE + number, at);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
