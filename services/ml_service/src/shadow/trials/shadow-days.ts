import type { PromotionPolicy } from '@aistock/promotion';

/** What takes the place of what, and for whom. */
export interface ShadowCase {
  /** The champion answers, and reads the same features: the two can be compared. */
  readonly comparable: boolean;
  /** A person has signed a model of the place off: it trades money. */
  readonly live: boolean;
}

/** Where a strategy's file says nothing. */
export interface ShadowDays {
  readonly liveDays: number;
  readonly paperDays: number;
}

/** Days that a challenger that passed every gate must run beside the champion; 0 where it takes its place at once. */
export function shadowDays(
  { comparable, live }: ShadowCase,
  { days, paper_days: paperDays }: PromotionPolicy['shadow'],
  defaults: ShadowDays,
): number {
  if (!comparable) return 0;
  return live ? (days ?? defaults.liveDays) : (paperDays ?? defaults.paperDays);
}
