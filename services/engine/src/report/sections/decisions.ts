import { percent, table, words } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

const ROWS_MAX = 60;

/** Why there was an order, and why there was none: how often each reason stood behind a decision. */
export function decisions({ reasons, denials, orders }: ReportInput): Html {
  const counts = [
    ['Sent', orders.sent],
    ['Filled', orders.filled],
    ['Denied', orders.denied],
    ['Expired', orders.expired],
    ['Cancelled', orders.cancelled],
    ['Stops and targets filled', orders.exits_filled],
    ['Fills, each part one', orders.fills],
    ['Fills without volume or after missing bars', orders.stale_fills],
  ] as const;
  return html`<div class="columns">
    <section>
      <h3>Reasons</h3>
      <p class="soft">A decision can have several; those without an order are counted too.</p>
      ${byCount('Reason', reasons)}
    </section>
    <section>
      <h3>Orders</h3>
      ${table(['Orders', '#Count'], counts)}
    </section>
    <section>
      <h3>Denials</h3>
      ${byCount('Denied for', denials)}
    </section>
  </div>`;
}

function byCount(head: string, counts: Readonly<Record<string, number>>): Html {
  const all = Object.entries(counts).toSorted(([, left], [, right]) => right - left);
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  const rows = all
    .slice(0, ROWS_MAX)
    .map(([code, count]) => [words(code), count.toLocaleString('en-US'), percent(count / total)]);
  return table([head, '#Count', '#Share'], rows);
}
