import { chanceAt } from '@aistock/shared';
import type { SimMarket, Venue } from '../markets/sim-market.ts';
import { barChoice } from './bar-choice.ts';
import {
  isOfBars,
  Misbehaviour,
  type BarKind,
  type Kind,
  type MisbehaviourTerms,
  type Of,
} from './misbehaviour.ts';

const RULES_MAX = 100;
const REQUEST_LANE = 100;

/** A rule as it stands. */
export interface RuleState {
  readonly misbehaviour: Misbehaviour;
  /** Requests that it was asked about, and how many it hit; both 0 for rules of bars. */
  readonly judged: number;
  readonly hits: number;
  /** The venue's time from which on it holds. */
  readonly sinceMs: number;
  /** The venue's time at which it was taken back; only a restatement stays in the book then. */
  readonly endMs: number | undefined;
}

interface Rule {
  readonly misbehaviour: Misbehaviour;
  judged: number;
  hits: number;
  readonly sinceMs: number;
  endMs: number | undefined;
  readonly chosen: (market: SimMarket, index: number) => boolean;
}

/** A rule of bars, with the bars that it is about. */
export interface BarRule<K extends BarKind = BarKind> {
  readonly misbehaviour: Of<K>;
  readonly sinceMs: number;
  readonly endMs: number | undefined;
  readonly chosen: (market: SimMarket, index: number) => boolean;
}

/** What the venue was told to do wrong, in the order in which it was told. */
export class RuleBook {
  #rules: Rule[] = [];

  /** All of them or none. @throws ZodError where a term is wrong; RangeError where there are too many rules. */
  add(terms: readonly MisbehaviourTerms[], nowMs: number): void {
    const told = terms.map((each) => Misbehaviour.parse(each));
    if (this.#rules.length + told.length > RULES_MAX)
      throw new RangeError(`there may be at most ${RULES_MAX} rules`);
    for (const misbehaviour of told) {
      const chosen = barChoice(misbehaviour);
      this.#rules.push({ misbehaviour, judged: 0, hits: 0, sinceMs: nowMs, endMs: undefined, chosen });
    }
  }

  /** Takes rules back: those of a kind, or all. What was restated stays so, but no further bar is. */
  clear(kind: Kind | undefined, nowMs: number): void {
    this.#rules = this.#rules.filter((rule) => {
      if (kind !== undefined && rule.misbehaviour.kind !== kind) return true;
      if (rule.misbehaviour.kind !== 'restated_bar') return false;
      rule.endMs ??= nowMs;
      return true;
    });
  }

  /** The first rule of these kinds that hits this request; each that is asked takes its next draw. */
  judge<K extends Exclude<Kind, BarKind>>(
    kinds: readonly K[],
    venue: Venue,
    market?: string,
  ): Of<K> | undefined {
    for (const rule of this.#rules) {
      const { misbehaviour } = rule;
      if (!isOneOf(misbehaviour, kinds) || !concerns(misbehaviour, venue, market)) continue;
      if (takeDraw(rule)) return misbehaviour;
    }
    return undefined;
  }

  /** The rules of single bars that concern a market. */
  ofBars<K extends BarKind>(kind: K, market: SimMarket): BarRule<K>[] {
    return this.#rules.flatMap((rule) => {
      const { misbehaviour } = rule;
      if (!isOneOf(misbehaviour, [kind]) || !concerns(misbehaviour, market.venue, market.name)) return [];
      return [{ misbehaviour, sinceMs: rule.sinceMs, endMs: rule.endMs, chosen: rule.chosen }];
    });
  }

  states(): RuleState[] {
    return this.#rules.map(({ misbehaviour, judged, hits, sinceMs, endMs }) => ({
      misbehaviour,
      judged,
      hits,
      sinceMs,
      endMs,
    }));
  }
}

function isOneOf<K extends Kind>(misbehaviour: Misbehaviour, kinds: readonly K[]): misbehaviour is Of<K> {
  return kinds.some((kind) => kind === misbehaviour.kind);
}

/** A rule about one market does not concern requests that are about none. */
function concerns(rule: Misbehaviour, venue: Venue, market: string | undefined): boolean {
  return (rule.venue ?? venue) === venue && (rule.market === undefined || rule.market === market);
}

function takeDraw(rule: Rule): boolean {
  const { seed, rate = 1, count = Number.POSITIVE_INFINITY } = rule.misbehaviour;
  if (rule.hits >= count || isOfBars(rule.misbehaviour.kind)) return false;
  const hit = chanceAt(seed, REQUEST_LANE, rule.judged++) < rate;
  if (hit) rule.hits++;
  return hit;
}
