import type { SelectionPolicy } from './selection-policy.ts';

/** What is known of a slot when it is chosen or not. */
export interface SlotStanding {
  readonly slot: string;
  /** That of its primary leg: the slots of one instrument compete. */
  readonly instrument: string;
  /** Whether it may enter now. */
  readonly enabled: boolean;
  /** Rewards of its closed trades, oldest first; the newest `recentTrades` count. */
  readonly rewards: readonly number[];
  /** How far the regime speaks for its strategy in the direction that suits it best, from -1 to 1; null without a regime. */
  readonly fit: number | null;
}

/** Whether a slot may enter until the next choice. */
export interface SlotChoice {
  readonly slot: string;
  readonly enabled: boolean;
  /** Expected reward per trade: what its record and the regime say. */
  readonly score: number;
  /**
   * First why: `uncontested`, `selected_by_regime` (its record alone would not do), `selected_by_performance`,
   * `kept_by_hysteresis`, or `beaten_by <slot>`. Then what the score lacks: `too_few_trades`, `no_regime`.
   */
  readonly reasons: readonly string[];
}

interface Scored extends SlotStanding {
  readonly order: number;
  readonly performance: number;
  readonly score: number;
}

/** True where a choice is to be made: an interval since 1970 began after the last one, or there was none yet. */
export function selectionDue({ intervalMs }: SelectionPolicy, lastMs: number | null, nowMs: number): boolean {
  return lastMs === null || Math.floor(nowMs / intervalMs) > Math.floor(lastMs / intervalMs);
}

/**
 * Chooses which slots of each instrument may enter: the `enabledMax` best by score, where a slot that is enabled goes only
 * to one that beats it by more than the hysteresis. A slot that is not chosen can still leave what it holds.
 * @param standings in the order of the setup, which decides between equals; the choices come in the same order.
 */
export function selectSlots(policy: SelectionPolicy, standings: readonly SlotStanding[]): SlotChoice[] {
  const scored = standings.map((standing, order) => scoreOf(policy, standing, order));
  return scored.map((own) => {
    const rivals = scored.filter(({ instrument }) => instrument === own.instrument);
    return choose(policy, own, rivals);
  });
}

function scoreOf(policy: SelectionPolicy, standing: SlotStanding, order: number): Scored {
  const recent = standing.rewards.slice(-policy.recentTrades);
  const earned = recent.reduce((sum, reward) => sum + reward, 0);
  const trades = recent.length + policy.priorTrades;
  const performance = trades === 0 ? 0 : earned / trades;
  return { ...standing, order, performance, score: performance + policy.regimeWeight * (standing.fit ?? 0) };
}

function choose(policy: SelectionPolicy, own: Scored, rivals: readonly Scored[]): SlotChoice {
  const { slot, score } = own;
  const held = best(policy, rivals, (each) => each.score + (each.enabled ? policy.hysteresis : 0));
  const enabled = held.includes(own);
  const why = enabled ? whyChosen(policy, own, rivals) : `beaten_by ${held.at(-1)!.slot}`;
  return { slot, enabled, score, reasons: [why, ...lacks(policy, own)] };
}

function whyChosen(policy: SelectionPolicy, own: Scored, rivals: readonly Scored[]): string {
  if (rivals.length <= policy.enabledMax) return 'uncontested';
  if (!best(policy, rivals, (each) => each.score).includes(own)) return 'kept_by_hysteresis';
  return best(policy, rivals, (each) => each.performance).includes(own)
    ? 'selected_by_performance'
    : 'selected_by_regime';
}

/** What makes a score weak. */
function lacks({ recentTrades, priorTrades }: SelectionPolicy, { rewards, fit }: Scored): string[] {
  const few = rewards.length < Math.min(recentTrades, priorTrades);
  return [...(few ? ['too_few_trades'] : []), ...(fit === null ? ['no_regime'] : [])];
}

/** The best by a measure, best first; among equals whoever is enabled, then the first of the setup. */
function best(
  { enabledMax }: SelectionPolicy,
  rivals: readonly Scored[],
  measure: (each: Scored) => number,
): Scored[] {
  return rivals
    .toSorted((a, b) => measure(b) - measure(a) || Number(b.enabled) - Number(a.enabled) || a.order - b.order)
    .slice(0, enabledMax);
}
