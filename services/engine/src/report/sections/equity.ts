import { html, type Html } from '@aistock/service-kit';
import { axisNumber, day, money, percent } from '../figure-text.ts';
import { areaTo, chart, COLUMNS, frameOf, line, rangeOf } from '../plot/frame.ts';
import { thin, type Series } from '../plot/thin.ts';
import type { ReportedChart, ReportInput } from '../report-input.ts';

const EQUITY_HEIGHT = 280;
const DRAWDOWN_HEIGHT = 140;

/** Equity, what holding would have been worth where there is one instrument, and how far below its peak it was. */
export function equity(input: ReportInput): Html {
  const { curve, charts, currency, performance: made } = input;
  const own = thin({ atMs: curve.atMs, values: curve.equity }, COLUMNS);
  const [held] = charts.length === 1 ? [thin(holding(charts[0]!, input), COLUMNS)] : [];
  const times = { fromX: made.fromMs, toX: made.toMs, xAxis: 'time' as const };
  const frame = frameOf({
    ...times,
    height: EQUITY_HEIGHT,
    ...rangeOf(own.values, held?.values ?? []),
    yLabel: axisNumber,
  });
  const told = `From ${money(made.equityStart, currency)} on ${day(made.fromMs)} to ${money(made.equityEnd, currency)} on ${day(made.toMs)}.`;
  const below = thin(drawdown(curve.atMs, curve.equity), COLUMNS);
  const under = frameOf({
    ...times,
    height: DRAWDOWN_HEIGHT,
    fromY: Math.min(-0.01, rangeOf(below.values).fromY),
    toY: 0,
    yLabel: (value) => percent(value, 0),
  });
  return html`<p class="soft">Money is ${currency}, times are UTC.</p>
    ${chart(frame, 'Equity', told, [...(held ? [line(frame, held, 'held')] : []), line(frame, own, 'own')])}
    <ul class="key">
      <li>${swatch('own')} the strategy</li>
      ${held ? html`<li>${swatch('held')} holding ${charts[0]!.instrument} from the start, without costs</li>` : ''}
    </ul>
    <h3>Drawdown</h3>
    ${chart(under, 'Drawdown', `At most ${percent(made.drawdown.max)} below an earlier peak.`, [areaTo(under, below, 0)])}`;
}

export function swatch(name: string): Html {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
    <path class="line ${name}" d="M0 6H12" />
  </svg>`;
}

/** The start's equity in the instrument, bar by bar. */
function holding({ bars }: ReportedChart, { performance: made }: ReportInput): Series {
  const close = bars.close.subarray(0, bars.length);
  return {
    atMs: bars.openMs.subarray(0, bars.length),
    values: close.map((value) => (made.equityStart * value) / close[0]!),
  };
}

/** Share below the highest value so far, zero or less. */
function drawdown(atMs: Float64Array, values: Float64Array): Series {
  let peak = -Infinity;
  return {
    atMs,
    values: values.map((value) => {
      peak = Math.max(peak, value);
      return value / peak - 1;
    }),
  };
}
