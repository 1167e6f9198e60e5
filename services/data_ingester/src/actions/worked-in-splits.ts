import type { StoredBar } from '@aistock/lake';
import { inSharesOf, type CorporateAction } from '@aistock/market';
import type { StreamSpec } from '../stream-spec.ts';
import { toAction, type ActionRow } from './action-store.ts';

type Facts = Pick<StreamSpec, 'facts'>;

const worksInSplits = ({ facts }: Facts): boolean => facts.adjustment === 'split';

/**
 * Bars by the newest split that the source had worked into them when it gave them, by its time; `-Infinity` where none.
 * A split that came after a bar was given is not in it, also where the source adjusts for splits.
 */
export function bySplitsWorkedIn(
  spec: Facts,
  bars: readonly StoredBar[],
  actions: readonly CorporateAction[],
): Map<number, StoredBar[]> {
  const splits = worksInSplits(spec) ? actions.filter(({ kind }) => kind === 'split') : [];
  return Map.groupBy(bars, ({ knownMs }) =>
    Math.max(-Infinity, ...splits.map(({ exOpenMs }) => exOpenMs).filter((exOpenMs) => exOpenMs <= knownMs)),
  );
}

interface Told {
  readonly row: ActionRow;
  /** The bar whose close the dividend came off, where there is one. */
  readonly bar: StoredBar | undefined;
  /** All actions that are known of the stream. */
  readonly told: readonly CorporateAction[];
}

/**
 * An action, a dividend in the shares of the bar that it came off. A source that works splits in tells either number in
 * the shares of the time it tells it.
 */
export function inSharesOfBar(spec: Facts, { row, bar, told }: Told): CorporateAction {
  const action = toAction(row);
  if (action.kind === 'split' || bar === undefined || !worksInSplits(spec)) return action;
  const times = { fromMs: row.told_at.getTime(), toMs: bar.knownMs };
  return { ...action, amount: inSharesOf(action.amount, times, told) };
}
