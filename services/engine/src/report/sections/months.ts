import { type Cell, signedPercent, table } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import { monthlyReturns, type MonthlyReturn } from '@aistock/trading/metrics';
import type { ReportInput } from '../report-input.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Returns from which on a cell has the next shade. */
const SHADES = [0, 0.02, 0.05, 0.1];

/** Returns by month, a row a year. */
export function months({ curve, calendar }: ReportInput): Html {
  const all = monthlyReturns(curve, calendar);
  const years = [...new Set(all.map(({ year }) => year))];
  const rows = years.map((year): Cell[] => {
    const own = all.filter((one) => one.year === year);
    const cells = MONTHS.map((_, index) =>
      cellOf(own.find(({ month }) => month === index + 1)?.return ?? null),
    );
    return [String(year), ...cells, cellOf(yearOf(own))];
  });
  return html`<div class="months">${table(['Year', ...MONTHS.map((name) => `#${name}`), '#Year'], rows)}</div>
    <p class="soft">Months of UTC trading days; the first and the last may be parts of one.</p>`;
}

function yearOf(own: readonly MonthlyReturn[]): number | null {
  return own.some((one) => one.return === null)
    ? null
    : own.reduce((product, one) => product * (1 + one.return!), 1) - 1;
}

function cellOf(value: number | null): Cell {
  if (value === null) return '';
  const shade = SHADES.findLastIndex((least) => Math.abs(value) >= least);
  const sign = value < 0 ? 'down' : 'up';
  return html`<span class="${value === 0 ? 'none' : `${sign}${shade}`}">${signedPercent(value)}</span>`;
}
