/** When and how the strategies of an instrument are chosen. */
export interface SelectionPolicy {
  readonly intervalMs: number;
  /** Most slots of one instrument that may enter at a time. */
  readonly enabledMax: number;
  /** By how much a slot's score must beat that of an enabled one to take its place. */
  readonly hysteresis: number;
  /** Closed trades of a slot that count as recent. */
  readonly recentTrades: number;
}
