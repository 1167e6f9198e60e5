import {
  areaTo,
  axisNumber,
  chart,
  COLUMNS,
  day,
  type Frame,
  frameOf,
  line,
  money,
  percent,
  rangeOf,
  type Series,
  signedPercent,
  thin,
} from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

const EQUITY_HEIGHT = 280;
const DRAWDOWN_HEIGHT = 140;
/** Holding is drawn where the strategy's own curve keeps this share of the height; else only told. */
const OWN_HEIGHT_MIN = 0.3;

/** Equity, what holding would have been worth where there is one instrument, and how far below its peak it was. */
export function equity(input: ReportInput): Html {
  const { curve, charts, currency, performance: made } = input;
  const own = thin({ atMs: curve.atMs, values: curve.equity }, COLUMNS);
  const held = heldBeside(own, input);
  const frame = frameAcross(input, EQUITY_HEIGHT, {
    ...rangeOf(own.values, held?.values ?? []),
    yLabel: axisNumber,
  });
  const told = `From ${money(made.equityStart, currency)} on ${day(made.fromMs)} to ${money(made.equityEnd, currency)} on ${day(made.toMs)}.`;
  const lines = [...(held ? [line(frame, held, 'held')] : []), line(frame, own, 'own')];
  const name = `holding ${charts[0]?.instrument ?? ''} from the start, without costs: ${signedPercent(made.benchmark?.buyAndHold ?? null)}`;
  const comparison = held ? html`${swatch('held')} ${name}` : html`not drawn: ${name}`;
  return html`<p class="soft">Money is ${currency}, times are UTC.</p>
    ${chart(frame, 'Equity', told, lines)}
    <ul class="key">
      <li>${swatch('own')} the strategy: ${signedPercent(made.totalReturn)}</li>
      ${charts.length === 1 ? html`<li>${comparison}</li>` : ''}
    </ul>
    <h3>Drawdown</h3>
    ${drawdown(input)}`;
}

function drawdown(input: ReportInput): Html {
  const { curve, performance: made } = input;
  const below = thin(belowPeak(curve.atMs, curve.equity), COLUMNS);
  const fromY = Math.min(-0.001, rangeOf(below.values).fromY);
  const digits = fromY > -0.01 ? 2 : fromY > -0.1 ? 1 : 0;
  const frame = frameAcross(input, DRAWDOWN_HEIGHT, {
    fromY,
    toY: 0,
    yLabel: (value) => percent(value, digits),
  });
  const told = `At most ${percent(made.drawdown.max)} below an earlier peak.`;
  return chart(frame, 'Drawdown', told, [areaTo(frame, below, 0)]);
}

/** A frame over the whole time. */
function frameAcross(
  { performance: made }: ReportInput,
  height: number,
  range: Pick<Frame, 'fromY' | 'toY' | 'yLabel'>,
): Frame {
  return frameOf({ ...range, height, fromX: made.fromMs, toX: made.toMs, xAxis: 'time' });
}

export function swatch(name: string): Html {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
    <path class="line ${name}" d="M0 6H12" />
  </svg>`;
}

/** The start's equity in the one instrument from the close before the first value on; undefined where the strategy's curve would be flat beside it. */
function heldBeside(own: Series, { charts, performance: made }: ReportInput): Series | undefined {
  const [only, ...others] = charts;
  if (!only || others.length > 0 || only.bars.length === 0) return undefined;
  const { openMs, close, length } = only.bars;
  const begun = openMs.subarray(0, length).findIndex((ms) => ms >= made.fromMs);
  const from = Math.max(0, (begun < 0 ? length : begun) - 1);
  const values = close.subarray(from, length).map((value) => (made.equityStart * value) / close[from]!);
  const held = thin({ atMs: openMs.subarray(from, length), values }, COLUMNS);
  const [alone, both] = [rangeOf(own.values), rangeOf(own.values, held.values)];
  return alone.toY - alone.fromY >= OWN_HEIGHT_MIN * (both.toY - both.fromY) ? held : undefined;
}

/** Share below the highest value so far, zero or less. */
function belowPeak(atMs: Float64Array, values: Float64Array): Series {
  let peak = -Infinity;
  return {
    atMs,
    values: values.map((value) => {
      peak = Math.max(peak, value);
      return value / peak - 1;
    }),
  };
}
