import type { SizingPolicy } from './sizing-policy.ts';

type KellyPolicy = Pick<
  SizingPolicy,
  'kellyShare' | 'tradesMin' | 'tradesMax' | 'updateEveryTrades' | 'priorTrades'
>;

/**
 * The share of equity that fractional Kelly bets on a slot, from the rewards of its closed trades (profit over what the entry
 * cost). Null where there are fewer than `tradesMin` or Kelly is left out; 0 where they show no edge; it may be above 1.
 *
 * A bet that wins b a unit with probability p and loses a with q = 1 - p grows fastest at f = p/a - q/b (Kelly, A New
 * Interpretation of Information Rate, 1956, for a = 1; Thorp, The Kelly Criterion in Blackjack, Sports Betting and the Stock
 * Market, 2006). b and a are the mean win and the mean loss; trades that earned nothing drop out. p is the win rate with a
 * Beta prior of `priorTrades` trades at the rate p0 = a/(a+b) at which nothing is earned: (wins + priorTrades × p0) /
 * (trades + priorTrades). As f is linear in p and 0 at p0, this is the plain f times trades / (trades + priorTrades), which
 * has the sign of the mean reward. As long as no trade has lost, a is unknown and taken to be 1, all that was bet. Of this f,
 * `kellyShare` is bet.
 *
 * A slot that bet nothing for want of an edge would make no trades that could show one: see `probeShare`.
 */
export function kellyFraction(rewards: readonly number[], policy: KellyPolicy): number | null {
  const { kellyShare, tradesMin, tradesMax, priorTrades } = policy;
  const recent = rewards.slice(-tradesMax);
  if (kellyShare === null || recent.length < tradesMin) return null;
  const wins = recent.filter((reward) => reward > 0);
  const losses = recent.filter((reward) => reward < 0);
  const won = total(wins);
  const lost = -total(losses);
  if (!(won > lost)) return 0;
  const decided = wins.length + losses.length;
  const winRate = wins.length / decided;
  const meanLoss = losses.length > 0 ? lost / losses.length : 1;
  const full = winRate / meanLoss - (1 - winRate) / (won / wins.length);
  return Math.max(0, kellyShare * full * (decided / (decided + priorTrades)));
}

/** What Kelly remembers of a slot; JSON. */
export interface KellyState {
  /** Of the newest closed trades, at most `tradesMax`, oldest first. */
  readonly rewards: readonly number[];
  /** All closed trades that were ever told. */
  readonly trades: number;
  /** As it was last computed; null while there were too few trades. */
  readonly fraction: number | null;
}

export const KELLY_START: KellyState = { rewards: [], trades: 0, fraction: null };

/**
 * Takes the rewards of newly closed trades, in their order, and computes the fraction anew at `tradesMin` trades and after
 * every `updateEveryTrades` from there. It does not matter in how many calls they are told.
 */
export function updateKelly(state: KellyState, rewards: readonly number[], policy: KellyPolicy): KellyState {
  return rewards.reduce((before, reward) => {
    const kept = [...before.rewards, reward].slice(-policy.tradesMax);
    const trades = before.trades + 1;
    const due = trades >= policy.tradesMin && (trades - policy.tradesMin) % policy.updateEveryTrades === 0;
    return { rewards: kept, trades, fraction: due ? kellyFraction(kept, policy) : before.fraction };
  }, state);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
