import {
  axisNumber,
  band,
  type Cell,
  chart,
  COLUMNS,
  frameOf,
  line,
  percent,
  plain,
  rangeOf,
  type Series,
  signedPercent,
  table,
  thin,
} from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { Bands, ReturnsBootstrap, Spread, TradeShuffle } from '@aistock/trading/honesty';
import { dailyValues } from '@aistock/trading/metrics';
import type { ReportInput } from '../report-input.ts';
import { swatch } from './equity.ts';

const HEIGHT = 240;

/** What other orders of the trades, and other days like these, would have been like. */
export function monteCarlo(input: ReportInput): Html {
  const { shuffle, bootstrap } = input;
  if (shuffle === null && bootstrap === null)
    return html`<p>There are too few trades and days to draw from.</p>`;
  return html`<ul class="key">
      <li>${swatch('own')} as it was</li>
      <li>${swatch('median')} the middle of the draws</li>
      <li>
        <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
          <rect class="band" width="12" height="12" />
        </svg>
        nine tenths of the draws
      </li>
    </ul>
    ${shuffle === null ? '' : shuffled(shuffle, input)}${bootstrap === null ? '' : drawn(bootstrap, input)}`;
}

function shuffled(shuffle: TradeShuffle, { trades, performance: made }: ReportInput): Html {
  let equity = made.equityStart;
  const multiples = trades.map(({ pnl }) => (equity += Number(pnl)) / made.equityStart);
  const rows: Cell[][] = [
    spreadCells(
      'Deepest drawdown, between exits',
      shuffle.drawdownMax,
      percent,
      percent(shuffle.drawdownActual),
    ),
  ];
  return html`<h3>The same trades in other orders</h3>
    <p>
      ${shuffle.runs.toLocaleString('en-US')} orders of ${shuffle.trades} trades;
      ${percent(shuffle.drawdownPercentile)} of them have a drawdown that is no deeper than the one that was.
    </p>
    ${bandChart('Equity by trades, in multiples of the start', shuffle.bands, [1, ...multiples])}
    ${spreadTable(rows)}`;
}

function drawn(bootstrap: ReturnsBootstrap, { curve, calendar, performance: made }: ReportInput): Html {
  const { start, values } = dailyValues(curve.atMs, curve.equity, calendar);
  const { method, blockDays, runs, days } = bootstrap;
  const rows: Cell[][] = [
    ...(bootstrap.sharpe
      ? [spreadCells('Sharpe ratio', bootstrap.sharpe, plain, plain(made.daily.sharpe))]
      : []),
    spreadCells('Growth a year', bootstrap.growth, signedPercent, signedPercent(made.cagr)),
    spreadCells('Deepest drawdown, by days', bootstrap.drawdownMax, percent, percent(made.drawdown.max)),
  ];
  return html`<h3>Other days like these</h3>
    <p>
      ${runs.toLocaleString('en-US')} draws of ${days.toLocaleString('en-US')} days in ${method} blocks of
      ${blockDays} days on average; ${percent(bootstrap.lossProbability)} of them lose. A mean as far from
      zero comes about by chance with p = ${plain(bootstrap.meanPValue, 3)}.
    </p>
    ${bandChart('Equity by days, in multiples of the start', bootstrap.bands, [1, ...values.map((value) => value / start)])}
    ${spreadTable(rows)}`;
}

function bandChart(title: string, bands: Bands, actual: readonly number[]): Html {
  const own: Series = thin(
    { atMs: Float64Array.from(actual.keys()), values: Float64Array.from(actual) },
    COLUMNS,
  );
  const frame = frameOf({
    height: HEIGHT,
    fromX: 0,
    toX: bands.steps.at(-1)!,
    ...rangeOf(bands.low, bands.high, own.values),
    xAxis: 'count',
    yLabel: (value) => `${axisNumber(value)}×`,
  });
  const middle = { atMs: Float64Array.from(bands.steps), values: Float64Array.from(bands.median) };
  const told = `At the end nine tenths lie between ${plain(bands.low.at(-1)!)} and ${plain(bands.high.at(-1)!)} times the start.`;
  const picture = chart(frame, title, told, [
    band(frame, bands.steps, bands),
    line(frame, middle, 'median'),
    line(frame, own, 'own'),
  ]);
  return html`<p class="soft">${title}.</p>
    ${picture}`;
}

function spreadCells(
  name: string,
  { p5, p50, p95, p99 }: Spread,
  written: (value: number) => string,
  was: string,
): Cell[] {
  return [name, was, written(p5), written(p50), written(p95), written(p99)];
}

function spreadTable(rows: readonly Cell[][]): Html {
  return table(['Figure', '#As it was', '#5 % below', '#Middle', '#95 % below', '#99 % below'], rows);
}
