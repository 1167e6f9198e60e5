/** How a venue and its hours restrict orders; every bound is a number that somebody set. */
export interface OrderPolicy {
  /** Leaves everything so long before the regular session ends, early closes included; null holds overnight. */
  readonly flattenBeforeCloseMs: number | null;
  /** Whether entries may be made before and after the regular hours, and then only as limit or bracket orders. */
  readonly extendedHours: boolean;
  /** Most entries a slot may make in one session (UTC day where the calendar has none). */
  readonly entriesPerSessionMax: number;
  /** Least time between two entries of a slot. */
  readonly entryIntervalMs: number;
}
