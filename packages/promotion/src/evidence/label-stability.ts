/** How the most likely states of a challenger differ from those of the champion on the same rows. */
export interface LabelStability {
  readonly rows: number;
  /** Share of the rows with another label, from 0 to 1; a state that matches none of the champion's is always another. */
  readonly changed: number;
  /** Changes of label from one row to the next, a row. */
  readonly flips: number;
  readonly championFlips: number;
}

/**
 * @param matched for each state of the challenger, the state of the champion that it goes on with; -1 for none.
 * @returns null of fewer than two rows, and where there are not as many of both.
 */
export function labelStability(
  challenger: Int32Array,
  champion: Int32Array,
  matched: readonly number[],
): LabelStability | null {
  const rows = challenger.length;
  if (rows < 2 || champion.length !== rows) return null;
  const changed = challenger.reduce((sum, state, row) => sum + (matched[state] === champion[row] ? 0 : 1), 0);
  return { rows, changed: changed / rows, flips: flipsOf(challenger), championFlips: flipsOf(champion) };
}

/** Changes of label from one row to the next, a row, of two rows and more. */
export function flipsOf(labels: ArrayLike<number>): number {
  let flips = 0;
  for (let row = 1; row < labels.length; row++) if (labels[row] !== labels[row - 1]) flips++;
  return flips / (labels.length - 1);
}
