import { money, percent, plain, table } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

/** What trading took, part by part. */
export function costs({ costs: exact, performance: made, currency }: ReportInput): Html {
  const { total, shareOfGrossProfit, turnoverAnnual } = made.costs;
  const turnover = Number(exact.turnover);
  const bps = (amount: number) => (turnover > 0 ? plain((10_000 * amount) / turnover) : plain(null));
  const rows = [
    ['Fees', exact.fees],
    ['Spread and slippage', exact.slippage],
    ['Funding', exact.funding],
    ['In all', String(total)],
  ].map(([name, amount]) => [name!, money(amount!, currency), bps(Number(amount))]);
  return html`${table(['Cost', '#Amount', '#bps of turnover'], rows)}
    <p>
      Turnover is ${money(exact.turnover, currency)}, ${plain(turnoverAnnual, 1)} times the mean equity a
      year. Costs took
      ${shareOfGrossProfit === null ? 'more than there was: there was no profit before them' : `${percent(shareOfGrossProfit)} of the profit before them`}.
    </p>`;
}
