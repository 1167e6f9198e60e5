import { Decimal } from '../decimal.ts';
import type { DayComparison } from './compare-day.ts';

/** How far a session may be from the backtest of its day. */
export interface ShadowThresholds {
  /** In basis points of the equity that the day began with. */
  readonly alertBps: number;
  readonly reduceBps: number;
  /** Decisions that differ though the books were the same, as a share of those that were compared. */
  readonly alertShare: number;
  readonly reduceShare: number;
}

/** `reduce`: the strategy must only leave what it holds until a person has looked at it. */
export type ShadowVerdict = 'same' | 'alert' | 'reduce';

export interface StrategyVerdict {
  readonly strategy: string;
  readonly verdict: ShadowVerdict;
  /** The sizes of its parts together, in basis points of equity: two that cancel each other out still count. */
  readonly bps: number;
  readonly decisionShare: number;
}

export interface DayVerdict {
  /** The gravest. */
  readonly verdict: ShadowVerdict;
  readonly strategies: readonly StrategyVerdict[];
}

const GRAVITY: readonly ShadowVerdict[] = ['same', 'alert', 'reduce'];

/**
 * Judges each strategy of a session by its own part of the difference. Money that no fill explains is nobody's, and an alert.
 * @throws RangeError for an account that began the day without equity.
 */
export function judgeDay(day: DayComparison, thresholds: ShadowThresholds): DayVerdict {
  const equity = new Decimal(day.equityStart);
  if (!equity.gt(0)) throw new RangeError(`the day began with an equity of ${day.equityStart}`);
  const byStrategy = Map.groupBy(day.slots, ({ strategy }) => strategy);
  const strategies = [...byStrategy].map(([strategy, slots]): StrategyVerdict => {
    const sizes = slots.flatMap(({ data, timing, fill, fee, decision }) =>
      [data, timing, fill, fee, decision].map((part) => new Decimal(part).abs()),
    );
    const bps = Decimal.sum(...sizes)
      .div(equity)
      .times(10_000)
      .toNumber();
    const counts = slots.flatMap(({ slot }) => day.decisions.bySlot.get(slot) ?? []);
    const decisionShare = shareOf(counts);
    return { strategy, verdict: verdictOf({ bps, decisionShare }, thresholds), bps, decisionShare };
  });
  const session: ShadowVerdict =
    day.parts.rest !== '0' || shareOf([day.decisions]) > thresholds.alertShare ? 'alert' : 'same';
  const all = [session, ...strategies.map(({ verdict }) => verdict)];
  return { verdict: GRAVITY.findLast((each) => all.includes(each))!, strategies };
}

function shareOf(counts: readonly { readonly compared: number; readonly unexplained: number }[]): number {
  const of = (name: 'compared' | 'unexplained') => counts.reduce((total, count) => total + count[name], 0);
  return of('compared') === 0 ? 0 : of('unexplained') / of('compared');
}

function verdictOf(
  { bps, decisionShare }: Pick<StrategyVerdict, 'bps' | 'decisionShare'>,
  { alertBps, reduceBps, alertShare, reduceShare }: ShadowThresholds,
): ShadowVerdict {
  if (bps > reduceBps || decisionShare > reduceShare) return 'reduce';
  return bps > alertBps || decisionShare > alertShare ? 'alert' : 'same';
}
