import { html, type Html } from '@aistock/service-kit';
import { percent } from './figure-text.ts';
import type { Frame } from './frame.ts';

/** From this probability of the most volatile state on, or from this trend on, a regime is called so. */
const RISK_MIN = 0.5;
const TREND_MIN = 0.25;
const HEIGHT = 12;

const NAMES = ['rising', 'falling', 'turbulent', 'calm', 'unknown'] as const;
type RegimeName = (typeof NAMES)[number];

/** What a model said from a bar's close until the next entry; `regime` is null where there was none to be had. */
export interface RegimeFrom {
  readonly fromMs: number;
  readonly regime: {
    /** From -1 to 1. */
    readonly hmmTrend: number;
    /** Probability of the most volatile state. */
    readonly hmmRisk: number;
  } | null;
}

/** A stretch of time that is called by one name. */
export interface Stretch {
  readonly name: RegimeName;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a regime is called: by its risk first, then by its trend. */
export function regimeName(regime: RegimeFrom['regime']): RegimeName {
  if (regime === null) return 'unknown';
  if (regime.hmmRisk >= RISK_MIN) return 'turbulent';
  if (Math.abs(regime.hmmTrend) < TREND_MIN) return 'calm';
  return regime.hmmTrend > 0 ? 'rising' : 'falling';
}

/** Stretches of time with one name, ascending. */
export function stretchesOf(regimes: readonly RegimeFrom[], toMs: number): Stretch[] {
  return stretchesNamed(
    regimes.map(({ fromMs, regime }) => ({ fromMs, name: regimeName(regime) })),
    toMs,
  );
}

/** The same of what has its name already. */
export function stretchesNamed(
  named: readonly { readonly fromMs: number; readonly name: RegimeName }[],
  toMs: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, { fromMs, name }] of named.entries()) {
    const endMs = named[index + 1]?.fromMs ?? toMs;
    const newest = stretches.at(-1);
    if (newest?.name === name) stretches[stretches.length - 1] = { ...newest, toMs: endMs };
    else stretches.push({ name, fromMs, toMs: endMs });
  }
  return stretches;
}

/**
 * The stretches as so many columns of equal length, each called by what took most of it; what follows under the same name is
 * one stretch again. As good as the stretches at that width, and never more of them.
 * @param stretches ascending.
 */
export function coarsen(stretches: readonly Stretch[], columns: number): Stretch[] {
  if (stretches.length <= columns) return [...stretches];
  const fromMs = stretches[0]!.fromMs;
  const toMs = stretches.at(-1)!.toMs;
  const columnMs = (toMs - fromMs) / columns;
  const taken = Array.from({ length: columns }, () => new Map<RegimeName, number>());
  for (const { name, ...stretch } of stretches) {
    const first = Math.floor((stretch.fromMs - fromMs) / columnMs);
    for (let column = first; column < columns && fromMs + column * columnMs < stretch.toMs; column++) {
      const left = Math.max(stretch.fromMs, fromMs + column * columnMs);
      const right = Math.min(stretch.toMs, fromMs + (column + 1) * columnMs);
      taken[column]!.set(name, (taken[column]!.get(name) ?? 0) + right - left);
    }
  }
  const names = taken.map((shares) =>
    [...shares].reduce((most, share) => (share[1] > most[1] ? share : most)),
  );
  return stretchesNamed(
    names.map(([name], column) => ({ name, fromMs: Math.round(fromMs + column * columnMs) })),
    toMs,
  );
}

/** A ribbon at the foot of a chart; a pixel shows the stretch that took most of it. */
export function ribbon(frame: Frame, stretches: readonly Stretch[]): Html {
  const longest = new Map<
    number,
    { readonly name: RegimeName; readonly width: number; readonly end: number }
  >();
  for (const { name, fromMs, toMs } of stretches) {
    const [left, right] = [clamped(frame, fromMs), clamped(frame, toMs)];
    const pixel = Math.floor(left);
    if (right - left > (longest.get(pixel)?.width ?? 0))
      longest.set(pixel, { name, width: right - left, end: right });
  }
  const top = frame.height - 24 - HEIGHT;
  const paths = NAMES.map((name) => {
    const shapes = [...longest].filter(([, stretch]) => stretch.name === name);
    const d = shapes.map(([pixel, { end }]) => `M${pixel} ${top}H${Math.ceil(end)}v${HEIGHT}H${pixel}Z`);
    return d.length === 0 ? html`` : html`<path class="regime ${name}" d="${d.join('')}" />`;
  });
  return html`${paths}`;
}

/** How much of the time each name took, of those that took any. */
export function stretchShares(
  stretches: readonly Stretch[],
): { readonly name: RegimeName; readonly share: number }[] {
  const lengthOf = (some: readonly Stretch[]) =>
    some.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const total = lengthOf(stretches) || 1;
  return NAMES.flatMap((name) => {
    const own = stretches.filter((stretch) => stretch.name === name);
    return own.length === 0 ? [] : [{ name, share: lengthOf(own) / total }];
  });
}

/** What the colours mean, and how much of the time each took. */
export function ribbonKey(stretches: readonly Stretch[]): Html {
  const entries = stretchShares(stretches).map(
    ({ name, share }) =>
      html`<li>
        <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
          <rect class="regime ${name}" width="12" height="12" />
        </svg>
        ${name}, ${percent(share)} of the time
      </li>`,
  );
  return html`<ul class="key">
    ${entries}
  </ul>`;
}

function clamped({ x, fromX, toX }: Frame, ms: number): number {
  return x(Math.min(toX, Math.max(fromX, ms)));
}
