const DAY_MS = 86_400_000;
/** After its end a day is let be for so long: the last close may still be written down. */
const SETTLE_MS = 300_000;

/** The times of a UTC day such as `2026-11-21`: its closes are after `fromMs`, up to `toMs` and with it. Unix ms. */
export function dayRange(day: string): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = Date.parse(`${day}T00:00:00Z`);
  return { fromMs, toMs: fromMs + DAY_MS };
}

/** The end of the last day that is over, Unix ms. */
export function lastDayEnd(nowMs: number): number {
  return Math.floor((nowMs - SETTLE_MS) / DAY_MS) * DAY_MS;
}

export function daysBefore(endMs: number, days: number): number {
  return endMs - days * DAY_MS;
}

/** Whether a time is on the UTC day of another. */
export function isSameDay(oneMs: number, otherMs: number): boolean {
  return Math.floor(oneMs / DAY_MS) === Math.floor(otherMs / DAY_MS);
}
