import type { VenueClock } from './clock.ts';
import type { RequestLog, RequestRecord } from './http/request-log.ts';
import { openedBars, type SimMarket } from './markets/sim-market.ts';
import type { Kind, MisbehaviourTerms } from './misbehaviour/misbehaviour.ts';
import type { RuleBook, RuleState } from './misbehaviour/rule-book.ts';

/** What a simulator is doing now. */
export interface SimStatus {
  /** The venue's clock and how fast it goes. */
  readonly nowMs: number;
  readonly rate: number;
  /** `opened` counts the bar that forms. */
  readonly markets: readonly { readonly name: string; readonly bars: number; readonly opened: number }[];
  readonly rules: readonly RuleState[];
  readonly requests: number;
}

/** What can be told to a simulator while it runs. */
export interface Control {
  /**
   * Adds rules behind those that are there; of several that would hit a request the first does.
   * @throws ZodError or RangeError saying what is wrong; then none is added.
   */
  readonly misbehave: (...rules: readonly MisbehaviourTerms[]) => void;
  /** Takes back the rules of a kind, or all of them. A bar that was restated stays so. */
  readonly behave: (kind?: Kind) => void;
  /** @throws RangeError */
  readonly setClock: VenueClock['set'];
  readonly status: () => SimStatus;
  /** The newest 10,000 requests to venues, oldest first. */
  readonly requests: () => readonly RequestRecord[];
}

interface Parts {
  readonly markets: readonly SimMarket[];
  readonly clock: VenueClock;
  readonly rules: RuleBook;
  readonly log: RequestLog;
}

export function controlOf({ markets, clock, rules, log }: Parts): Control {
  return {
    misbehave: (...terms) => rules.add(terms, clock.nowMs()),
    behave: (kind) => rules.clear(kind, clock.nowMs()),
    setClock: (setting) => clock.set(setting),
    status: () => ({
      nowMs: clock.nowMs(),
      rate: clock.rate(),
      markets: markets.map((market) => ({
        name: market.name,
        bars: market.bars.length,
        opened: openedBars(market, clock.nowMs()),
      })),
      rules: rules.states(),
      requests: log.total(),
    }),
    requests: () => log.requests(),
  };
}
