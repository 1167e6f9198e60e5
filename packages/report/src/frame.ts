import { html, type Html } from '@aistock/service-kit';
import type { Series } from './thin.ts';
import { numberTicks, timeTicks, type Tick } from './ticks.ts';

/** Of every picture, in the units that its frame's height is in. */
export const PICTURE_WIDTH = 860;
const LEFT = 64;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;
const TIME_TICKS_MAX = 7;

export interface FrameTerms {
  readonly height: number;
  readonly fromX: number;
  readonly toX: number;
  readonly fromY: number;
  readonly toY: number;
  /** `time`: Unix ms; `count`: numbers from zero on. */
  readonly xAxis: 'time' | 'count';
  readonly yLabel: (value: number) => string;
}

/** The rectangle of a chart with its scales: from times and values to pixels of the drawing. */
export interface Frame extends FrameTerms {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** How many columns of pixels a chart has. */
export const COLUMNS = PICTURE_WIDTH - LEFT - RIGHT;

export function frameOf(terms: FrameTerms): Frame {
  const { height, fromX, toX, fromY, toY } = terms;
  const spanX = toX - fromX || 1;
  const spanY = toY - fromY || 1;
  return {
    ...terms,
    x: (value) => round(LEFT + ((value - fromX) / spanX) * COLUMNS),
    y: (value) => round(TOP + ((toY - value) / spanY) * (height - TOP - BOTTOM)),
  };
}

/** Least and most of the values with a little room; never empty. */
export function rangeOf(...rows: readonly (Float64Array | readonly number[])[]): {
  readonly fromY: number;
  readonly toY: number;
} {
  let [least, most] = [Infinity, -Infinity];
  for (const row of rows)
    for (const value of row) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  const room = (most - least || Math.abs(most) || 1) * 0.04;
  return { fromY: least - room, toY: most + room };
}

/** A {@link picture} in a box that scrolls where the page is too narrow for it. */
export function chart(frame: Frame, title: string, told: string, content: readonly Html[]): Html {
  return html`<div class="wide">${picture(frame, title, told, content)}</div>`;
}

/** A chart as one SVG with its axes, its title and a description for those who do not see it. */
export function picture(frame: Frame, title: string, told: string, content: readonly Html[]): Html {
  const { height, fromX, toX, fromY, toY } = frame;
  const yTicks = numberTicks(fromY, toY, { most: Math.max(2, Math.floor(height / 45)), label: frame.yLabel });
  const xTicks =
    frame.xAxis === 'time'
      ? timeTicks(fromX, toX, TIME_TICKS_MAX)
      : numberTicks(fromX, toX, { most: TIME_TICKS_MAX, label: String });
  return html`<svg class="chart" viewBox="0 0 ${PICTURE_WIDTH} ${height}" role="img">
    <title>${title}</title>
    <desc>${told}</desc>
    ${yTicks.map((tick) => horizontal(frame, tick))}${xTicks.map((tick) => vertical(frame, tick))}${content}
  </svg>`;
}

function horizontal({ y }: Frame, { at, label }: Tick): Html {
  return html`<path class="grid" d="M${LEFT} ${y(at)}H${PICTURE_WIDTH - RIGHT}" /><text
      x="${LEFT - 6}"
      y="${y(at) + 4}"
      text-anchor="end"
      >${label}</text
    >`;
}

function vertical({ x, height }: Frame, { at, label }: Tick): Html {
  const left = x(at);
  const anchor = left > PICTURE_WIDTH - 40 ? 'end' : left < LEFT + 20 ? 'start' : 'middle';
  return html`<path class="grid" d="M${left} ${TOP}V${height - BOTTOM}" /><text
      x="${left}"
      y="${height - 8}"
      text-anchor="${anchor}"
      >${label}</text
    >`;
}

/** A line through the values of a series. */
export function line(frame: Frame, { atMs, values }: Series, name: string): Html {
  return html`<path class="line ${name}" d="${through(frame, atMs, values)}" />`;
}

/** The area between a series and a level. */
export function areaTo(frame: Frame, { atMs, values }: Series, level: number): Html {
  const base = frame.y(level);
  const d = `M${frame.x(atMs[0]!)} ${base}${through(frame, atMs, values).replace('M', 'L')}L${frame.x(atMs.at(-1)!)} ${base}Z`;
  return html`<path class="area" d="${d}" />`;
}

/** A part of the x axis set off by a shade, such as the bars that a model was not fitted on. */
export function shade({ x, height }: Frame, from: number, to: number): Html {
  return html`<path class="shade" d="M${x(from)} ${TOP}H${x(to)}V${height - BOTTOM}H${x(from)}Z" />`;
}

/** The area between two rows of values at the same places. */
export function band(
  frame: Frame,
  at: readonly number[],
  { low, high }: { readonly low: readonly number[]; readonly high: readonly number[] },
): Html {
  const back = through(frame, at.toReversed(), low.toReversed()).replace('M', 'L');
  return html`<path class="band" d="${through(frame, at, high)}${back}Z" />`;
}

function through(
  frame: Frame,
  at: Float64Array | readonly number[],
  values: Float64Array | readonly number[],
): string {
  let path = '';
  for (let index = 0; index < at.length; index++)
    path += `${index === 0 ? 'M' : 'L'}${frame.x(at[index]!)} ${frame.y(values[index]!)}`;
  return path;
}

/** To a tenth of a pixel. */
function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
