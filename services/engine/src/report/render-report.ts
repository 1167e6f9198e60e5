import { REPORT_STYLE } from '@aistock/report';
import { html, htmlPage, type Html } from '@aistock/service-kit';
import type { ReportInput } from './report-input.ts';
import { allFigures } from './sections/all-figures.ts';
import { costs } from './sections/costs.ts';
import { decisions } from './sections/decisions.ts';
import { equity } from './sections/equity.ts';
import { header, provenance } from './sections/header.ts';
import { keyFigures } from './sections/key-figures.ts';
import { monteCarlo } from './sections/monte-carlo.ts';
import { months } from './sections/months.ts';
import { prices } from './sections/prices.ts';
import { sharpe } from './sections/sharpe.ts';
import { study } from './sections/study.ts';
import { trades } from './sections/trades.ts';
import { warnings } from './sections/warnings.ts';

type Section = readonly [id: string, title: string, body: Html];

/** The report of a backtest as one page that works without scripts and without anything from elsewhere. */
export function renderReport(input: ReportInput): string {
  const sections: readonly Section[] = [
    ['warnings', 'Before you believe it', warnings(input)],
    ['equity', 'Equity', equity(input)],
    ['months', 'Months', months(input)],
    ['prices', 'Prices and trades', prices(input)],
    ...(input.study.type === 'single'
      ? []
      : [['study', STUDY_TITLES[input.study.type], study(input.study)] as const]),
    ['luck', 'How much may be luck', html`${sharpe(input)}${monteCarlo(input)}`],
    ['costs', 'Costs', costs(input)],
    ['decisions', 'Why, and why not', decisions(input)],
    ['trades', 'Trades', trades(input)],
    ['figures', 'All figures', allFigures(input)],
    ['origin', 'Where it comes from', provenance(input)],
  ];
  const body = html`<main>
    ${header(input)}
    <nav>${sections.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
    ${keyFigures(input)}
    ${sections.map(
      ([id, title, content]) =>
        html`<section id="${id}">
          <h2>${title}</h2>
          ${content}
        </section>`,
    )}
  </main>`;
  return htmlPage({ title: titleOf(input), style: REPORT_STYLE, body });
}

const STUDY_TITLES = {
  sweep: 'Parameters tried',
  walk_forward: 'Walk-forward',
  scenarios: 'Under stress',
  lookahead: 'Check for look-ahead',
  recursive: 'Check of the warm-up',
} as const;

function titleOf({ slots, charts }: ReportInput): string {
  return `Backtest of ${slots.map(({ strategy }) => strategy).join(', ')} on ${charts.map(({ instrument }) => instrument).join(', ')}`;
}
