import { httpDateMs, retryAfterMs, type PacedAnswer } from '@aistock/venues';
import type { BudgetWindow } from './budget.ts';

/** Statuses that keep us away, and for how long where the answer does not say: 418 is Binance's, from 2 minutes on. */
const BAN_MS_DEFAULT: ReadonlyMap<number, number> = new Map([
  [429, 60_000],
  [418, 120_000],
]);
/** A longer ban is asked for again when this one has ended. */
const BAN_MS_MAX = 7 * 86_400_000;
const UNITS: readonly [letter: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** What an answer says about the budget of its venue. */
export interface ToldLimits {
  /** How long to stay away, in ms; undefined where we are welcome. */
  readonly banMs: number | undefined;
  /** Weight used of a window, at most all of it, as far as the venue says. */
  readonly used: readonly { readonly windowMs: number; readonly weight: number }[];
}

/**
 * Reads status, Retry-After, Binance's `X-MBX-USED-WEIGHT-1M` (any number and unit of a window) and
 * `X-RateLimit-Remaining` with `X-RateLimit-Reset` in Unix seconds, which Alpaca and Finnhub send.
 */
export function toldLimits(answer: PacedAnswer, windows: readonly BudgetWindow[]): ToldLimits {
  const toldMs = toldWindowMs(answer, windows);
  const used = windows.flatMap(({ windowMs, weightMax }) => {
    const remaining = windowMs === toldMs ? count(answer, 'x-ratelimit-remaining') : undefined;
    const byRest = remaining === undefined ? undefined : Math.max(0, weightMax - remaining);
    const weight = count(answer, `x-mbx-used-weight-${nameOf(windowMs)}`) ?? byRest;
    return weight === undefined ? [] : [{ windowMs, weight: Math.min(weight, weightMax) }];
  });
  return { banMs: banMs(answer), used };
}

/** The window that `X-RateLimit-Remaining` is of: the one with the limit that is told beside it, else the shortest. */
function toldWindowMs(answer: PacedAnswer, windows: readonly BudgetWindow[]): number {
  const limit = count(answer, 'x-ratelimit-limit');
  const told = windows.find(({ weightMax }) => weightMax === limit);
  return told?.windowMs ?? Math.min(...windows.map(({ windowMs }) => windowMs));
}

function banMs(answer: PacedAnswer): number | undefined {
  const unsaidMs = BAN_MS_DEFAULT.get(answer.status);
  if (unsaidMs === undefined) return undefined;
  const toldMs = retryAfterMs(answer.headers, answer.nowMs) ?? untilReset(answer) ?? unsaidMs;
  return Math.min(Math.max(toldMs, 1), BAN_MS_MAX);
}

/** By the clock of the answer where it has one: a clock of ours that is behind would make it a long ban. */
function untilReset(answer: PacedAnswer): number | undefined {
  const resetS = count(answer, 'x-ratelimit-reset');
  const answeredMs = httpDateMs(answer.headers.get('date')) ?? answer.nowMs;
  const leftMs = resetS === undefined ? 0 : resetS * 1000 - answeredMs;
  return leftMs > 0 ? leftMs : undefined;
}

/** A whole number of a header; undefined where it is not there or is none. */
function count({ headers }: PacedAnswer, name: string): number | undefined {
  const value = headers.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** As Binance names a window: `1m`, `10s`. */
function nameOf(windowMs: number): string {
  const [letter, ms] = UNITS.find((unit) => windowMs % unit[1] === 0) ?? ['s', 1000];
  return `${windowMs / ms}${letter}`;
}
