import {
  axisNumber,
  chart,
  COLUMNS,
  day,
  frameOf,
  line,
  rangeOf,
  ribbon,
  ribbonKey,
  stretchesOf,
  thin,
} from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import { tradeMarks } from '../plot/markers.ts';
import type { ReportedChart, ReportInput } from '../report-input.ts';

const HEIGHT = 320;
const RIBBON_ROOM = 0.06;
/** More would make the page heavy. */
const CHARTS_MAX = 8;

/** Prices with what was bought and sold, and below them what the model took the market for. */
export function prices(input: ReportInput): Html {
  const drawn = input.charts.filter(({ bars }) => bars.length > 0).slice(0, CHARTS_MAX);
  const left = input.charts.length - drawn.length;
  return html`<ul class="key">
      <li>
        <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
          <path class="buy" d="M6 1L1 11H11Z" />
        </svg>
        bought
      </li>
      <li>
        <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
          <path class="sell" d="M6 11L1 1H11Z" />
        </svg>
        sold
      </li>
    </ul>
    ${drawn.map((one) => priceChart(one, input))}
    ${left > 0 ? html`<p class="soft">${left} more instruments are not drawn.</p>` : ''}`;
}

function priceChart({ stream, instrument, bars, regimes }: ReportedChart, input: ReportInput): Html {
  const { trades, performance: made } = input;
  const closes = thin(
    { atMs: bars.openMs.subarray(0, bars.length), values: bars.close.subarray(0, bars.length) },
    COLUMNS,
  );
  const own = trades.filter((trade) => trade.instrument === instrument);
  const { fromY, toY } = rangeOf(closes.values);
  const stretches = stretchesOf(regimes, made.toMs);
  const room = stretches.length > 0 ? (toY - fromY) * RIBBON_ROOM : 0;
  const frame = frameOf({
    height: HEIGHT,
    fromX: Math.min(made.fromMs, closes.atMs[0]!),
    toX: made.toMs,
    fromY: fromY - room,
    toY,
    xAxis: 'time',
    yLabel: axisNumber,
  });
  const told = `Closes of ${stream} from ${day(made.fromMs)} to ${day(made.toMs)} with ${own.length} closed trades.`;
  return html`<h3>${instrument}</h3>
    ${chart(frame, `Price of ${instrument}`, told, [line(frame, closes, 'price'), tradeMarks(frame, own), ribbon(frame, stretches)])}
    ${stretches.length > 0 ? ribbonKey(stretches) : ''}`;
}
