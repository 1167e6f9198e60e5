import { type Cell, duration, money, percent, plain, signedPercent, table } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

type Rows = readonly (readonly Cell[])[];

/** Every figure there is; a dash where one is not defined. */
export function allFigures({ performance: made, currency }: ReportInput): Html {
  const groups: readonly (readonly [string, Rows])[] = [
    ['Days', dayRows(made)],
    ['Drawdowns', drawdownRows(made)],
    ['Trades', tradeRows(made, currency)],
    ['Against holding', benchmarkRows(made)],
    ['By the conventions of backtesting.py', comparisonRows(made)],
  ];
  return html`<div class="columns">
    ${groups.map(
      ([title, rows]) =>
        html`<section>
          <h3>${title}</h3>
          ${table(['Figure', '#Value'], rows)}
        </section>`,
    )}
  </div>`;
}

type Made = ReportInput['performance'];

function dayRows({ daily }: Made): Rows {
  return [
    ['Days', daily.days],
    ['Mean return a year', signedPercent(daily.meanAnnual)],
    ['Volatility a year', percent(daily.volatilityAnnual)],
    ['Best day', signedPercent(daily.best, 2)],
    ['Worst day', signedPercent(daily.worst, 2)],
    ['Days that rose', percent(daily.positive)],
    ['Skewness', plain(daily.skewness)],
    ['Excess kurtosis', plain(daily.kurtosisExcess)],
    ['Value at risk, 95 %', percent(daily.valueAtRisk95, 2)],
    ['Value at risk, 99 %', percent(daily.valueAtRisk99, 2)],
    ['Expected shortfall, 95 %', percent(daily.expectedShortfall95, 2)],
    ['Expected shortfall, 99 %', percent(daily.expectedShortfall99, 2)],
  ];
}

function drawdownRows({ drawdown }: Made): Rows {
  return [
    ['Deepest', percent(drawdown.max, 2)],
    ['Average depth', percent(drawdown.average, 2)],
    ['Longest', duration(drawdown.longestMs)],
    ['Average length', duration(drawdown.averageMs)],
    ['How many', drawdown.count],
    ['In one at the end', drawdown.openAtEnd ? 'yes' : 'no'],
  ];
}

function tradeRows({ trades }: Made, currency: string): Rows {
  return [
    ['Won, lost', `${trades.wins}, ${trades.losses}`],
    ['Expectancy', money(trades.expectancy, currency)],
    ['Mean return', signedPercent(trades.expectancyReturn, 2)],
    ['Geometric mean return', signedPercent(trades.averageGeometric, 2)],
    ['Best', signedPercent(trades.best, 2)],
    ['Worst', signedPercent(trades.worst, 2)],
    ['Average profit', money(trades.averageWin, currency)],
    ['Average loss', money(trades.averageLoss, currency)],
    ['Longest', duration(trades.durationMaxMs)],
    ['Average length', duration(trades.durationAverageMs)],
    ['Most losses in a row', trades.lossesInARow],
    ['Best trade, of all profits', percent(trades.bestShareOfProfits)],
    ['System quality number', plain(trades.sqn)],
    ['Kelly fraction', percent(trades.kelly)],
  ];
}

function benchmarkRows({ benchmark }: Made): Rows {
  if (benchmark === null) return [];
  return [
    ['Holding returned', signedPercent(benchmark.buyAndHold)],
    ['Beta', plain(benchmark.beta)],
    ['Alpha a year', signedPercent(benchmark.alpha)],
  ];
}

function comparisonRows({ backtestingPy: other }: Made): Rows {
  return [
    ['Return a year', signedPercent(other.returnAnnual)],
    ['Volatility a year', percent(other.volatilityAnnual)],
    ['Sharpe ratio', plain(other.sharpe)],
    ['Sortino ratio', plain(other.sortino)],
    ['Calmar ratio', plain(other.calmar)],
    ['Profit factor, of returns', plain(other.profitFactor)],
    ['Beta, of log returns', plain(other.beta)],
    ['Alpha, of the whole', signedPercent(other.alpha)],
  ];
}
