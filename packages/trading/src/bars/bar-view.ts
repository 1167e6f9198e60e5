/**
 * The closed bars of a stream up to now, and none after: the point in time is a property of the view, not a promise of
 * its reader. `ago` counts back from the newest bar, which is 0; a count that is negative, or reaches past the oldest bar,
 * throws a RangeError, so that nothing from the future and nothing made up can be read.
 */
export interface BarView {
  /** How many bars can be read. */
  readonly count: number;
  /** Open time, Unix ms. */
  openMs(ago: number): number;
  open(ago: number): number;
  high(ago: number): number;
  low(ago: number): number;
  close(ago: number): number;
  volume(ago: number): number;
}
