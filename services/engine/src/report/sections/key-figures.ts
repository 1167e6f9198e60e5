import { duration, money, percent, plain, signedPercent } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

/** The dozen figures that are looked at first. */
export function keyFigures(input: ReportInput): Html {
  const { performance: made, currency, trials, deflatedSharpe } = input;
  const { daily, drawdown, trades, benchmark } = made;
  const cards: readonly (readonly [string, string, string])[] = [
    [
      'Total return',
      signedPercent(made.totalReturn),
      `${money(made.equityStart, currency)} to ${money(made.equityEnd, currency)}`,
    ],
    [
      'Growth a year',
      signedPercent(made.cagr),
      benchmark ? `holding in all: ${signedPercent(benchmark.buyAndHold)}` : 'compounded',
    ],
    ['Sharpe ratio', plain(daily.sharpe), `of ${daily.days} days, annualised`],
    ['Sortino ratio', plain(daily.sortino), 'of the same days'],
    ['Deepest drawdown', percent(drawdown.max), `longest: ${duration(drawdown.longestMs)}`],
    ['Calmar ratio', plain(made.calmar), 'growth over drawdown'],
    ['Volatility', percent(daily.volatilityAnnual), 'annualised'],
    ['Trades', String(trades.count), `won: ${percent(trades.hitRate)}`],
    ['Profit factor', plain(trades.profitFactor), `a trade: ${money(trades.expectancy, currency)}`],
    ['Time in the market', percent(made.exposure), `a trade: ${duration(trades.durationAverageMs)}`],
    ['Costs', plain(made.costs.total), `${currency}, ${plain(made.costs.bpsOfTurnover, 1)} bps of turnover`],
    [
      'Deflated Sharpe',
      percent(deflatedSharpe),
      trials === null
        ? 'trials were not counted'
        : `chance of more than luck, ${trials} ${trials === 1 ? 'trial' : 'trials'}`,
    ],
  ];
  return html`<dl class="cards">
    ${cards.map(
      ([name, value, note]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><b>${value}</b><span>${note}</span></dd>
        </div>`,
    )}
  </dl>`;
}
