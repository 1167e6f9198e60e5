const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round numbers, 1, 2 or 5 times a power of ten apart, that lie in a range; at most `most` of them. */
export function numberTicks(
  from: number,
  to: number,
  { most, label }: { readonly most: number; readonly label: (value: number) => string },
): Tick[] {
  if (!(to > from)) return [{ at: from, label: label(from) }];
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = Number(((first + index) * step).toPrecision(12));
    return { at, label: label(at) };
  });
}

const STEPS_MS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 5, 10].map((days) => days * DAY_MS),
];
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600];
const MONTH_MS = 30.4 * DAY_MS;

/** Round times, UTC, that lie in a range; at most `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number): Tick[] {
  const leastMs = (toMs - fromMs) / most;
  const stepMs = STEPS_MS.find((step) => step >= leastMs);
  if (stepMs !== undefined && leastMs < 10 * DAY_MS) return evenTicks(fromMs, toMs, stepMs);
  const months = STEPS_MONTHS.find((step) => step * MONTH_MS >= leastMs) ?? STEPS_MONTHS.at(-1)!;
  return monthTicks(fromMs, toMs, months);
}

function evenTicks(fromMs: number, toMs: number, stepMs: number): Tick[] {
  const first = Math.ceil(fromMs / stepMs);
  const count = Math.floor(toMs / stepMs) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = (first + index) * stepMs;
    const text = new Date(at).toISOString();
    return { at, label: stepMs >= DAY_MS ? text.slice(0, 10) : text.slice(5, 16).replace('T', ' ') };
  });
}

function monthTicks(fromMs: number, toMs: number, step: number): Tick[] {
  const ticks: Tick[] = [];
  const start = new Date(fromMs);
  const first = start.getUTCFullYear() * 12 + Math.floor(start.getUTCMonth() / step) * step;
  for (let month = step > 12 ? Math.floor(first / step) * step : first; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at > toMs) return ticks;
    if (at >= fromMs) ticks.push({ at, label: new Date(at).toISOString().slice(0, step >= 12 ? 4 : 7) });
  }
}
