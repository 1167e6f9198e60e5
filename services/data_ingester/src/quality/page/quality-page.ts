import { html, htmlPage, type Html } from '@aistock/service-kit';
import type { QualityReport } from '../quality-report.ts';
import { coverageMap, summarise } from './coverage-map.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Rows of a table; the JSON has more. */
const ROWS_MAX = 100;
const DIGITS = 3;

/** The quality of a stream as a page that works without scripts and without anything from elsewhere. */
export function qualityPage(report: QualityReport): string {
  const { stream, verdict, coverage } = report;
  const body = html`<main>
    <h1>${stream}</h1>
    <p><span class="verdict ${verdict}">${verdict}</span> ${VERDICTS[verdict]}${since(report)}</p>
    ${reasons(report)}
    <h2>Coverage</h2>
    <p>
      ${report.bars} bars are held; ${report.expected_bars} are expected, ${report.missing_bars} are missing.
      ${coverage.cells.length > 0 ? summarise(coverage.cells, coverage.unit) : ''}
    </p>
    ${coverageMap(coverage)}
    <h2>Gaps</h2>
    ${gaps(report)}
    <h2>Findings</h2>
    ${findings(report)}
    <h2>Not taken</h2>
    ${rejections(report)}
    <h2>Compared with other sources</h2>
    ${comparisons(report)}
    <h2>Accepted</h2>
    ${acceptances(report)}
    <h2>Limits</h2>
    ${limits(report)}
  </main>`;
  return htmlPage({ title: `Quality of ${stream}: ${verdict}`, style: PAGE_STYLE, body });
}

const VERDICTS: Readonly<Record<QualityReport['verdict'], string>> = {
  pass: 'The stream may be trained and traded on.',
  warn: 'The stream may be trained and traded on; look at the reasons.',
  block: 'Nothing is trained or traded on this stream until this is mended or accepted.',
};

function since({ since_ms: sinceMs }: QualityReport): Html {
  return sinceMs === null ? html`` : html` <span class="soft">Since ${time(sinceMs)}.</span>`;
}

function reasons({ reasons: told }: QualityReport): Html {
  if (told.length === 0) return html``;
  return html`<ul>
    ${told.map((reason) => html`<li>${reason}</li>`)}
  </ul>`;
}

function gaps({ gaps: all, gap_counts: counts, gap_meaning: meaning }: QualityReport): Html {
  const note =
    meaning === 'trades_only'
      ? 'The source makes no bar while nobody trades: what is listed need not be missing, and does not count.'
      : 'A gap is asked for again and never filled by invention.';
  const told = [counts.open, counts.accepted, counts.filled].map((count) => count ?? 0);
  const line = html`<p>${told[0]!} open, ${told[1]!} accepted, ${told[2]!} filled. ${note}</p>`;
  const rows = all.map((gap) => [
    time(gap.from_ms),
    time(gap.to_ms),
    gap.missing_bars,
    gap.state,
    gap.attempts,
    gap.last_asked_ms === null ? 'never' : time(gap.last_asked_ms),
  ]);
  const heads = ['First missing bar', 'Before', '#Bars', 'State', '#Asked again', 'Last asked'];
  return html`${line}${table(heads, rows)}`;
}

function findings({ findings: found }: QualityReport): Html {
  const rows = found.map(({ kind, bars, accepted_bars, days, examples }) => [
    KINDS[kind],
    bars,
    accepted_bars,
    days,
    examples
      .map(({ worst_open_ms, worst_size }) => `${time(worst_open_ms)} (${round(worst_size)})`)
      .join(', '),
  ]);
  return table(['What', '#Bars', '#Accepted', '#Days', 'Worst, with z-score, length or revision'], rows);
}

const KINDS: Readonly<Record<QualityReport['findings'][number]['kind'], string>> = {
  outlier: 'Outliers of the return',
  stale: 'Closes that stand still',
  volume: 'Anomalous volumes',
  zero_volume: 'Runs without volume',
  restated: 'Restated by the source',
};

function rejections({ rejected, quarantined_files: files }: QualityReport): Html {
  const rows = rejected.map(({ reason, count, first_open_ms: firstMs }) => [
    reason.replaceAll('_', ' '),
    count,
    firstMs === null ? 'unknown' : time(firstMs),
  ]);
  return html`<p>${files} files are quarantined.</p>
    ${table(['Why', '#Bars', 'First'], rows)}`;
}

function comparisons({ comparisons: all }: QualityReport): Html {
  const rows = all.map(({ against, compared_bars, skipped_bars, differing_bars: differing }) => [
    against,
    compared_bars,
    skipped_bars,
    differing.price,
    differing.volume,
    differing.missing_here,
    differing.missing_there,
  ]);
  const heads = [
    'With',
    '#Compared',
    '#Skipped',
    '#Other price',
    '#Other volume',
    '#Only there',
    '#Only here',
  ];
  return table(heads, rows);
}

function acceptances({ acceptances: all }: QualityReport): Html {
  const rows = all.map(({ kind, bars, until_ms, by, reason, accepted_ms }) => [
    kind.replaceAll('_', ' '),
    bars,
    time(until_ms),
    by,
    reason,
    time(accepted_ms),
  ]);
  return table(['What', '#Bars', 'Before', 'By', 'Reason', 'When'], rows);
}

function limits({ thresholds }: QualityReport): Html {
  return table(
    ['Limit', '#Value'],
    Object.entries(thresholds).map(([name, value]) => [name.replaceAll('_', ' '), value]),
  );
}

/** A head that begins with `#` is of a column of numbers. */
function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): Html {
  if (rows.length === 0) return html`<p class="soft">None.</p>`;
  const numeric = heads.map((head) => (head.startsWith('#') ? 'n' : ''));
  const cells = (row: readonly (string | number)[]): Html[] =>
    row.map((cell, index) => html`<td class="${numeric[index] ?? ''}">${cell}</td>`);
  const left = rows.length - ROWS_MAX;
  const more = left > 0 ? html`<p class="soft">${left} more are in the JSON.</p>` : html``;
  return html`<div class="wide">
      <table>
        <thead>
          <tr>
            ${heads.map((head, index) => html`<th scope="col" class="${numeric[index] ?? ''}">${head.replace('#', '')}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, ROWS_MAX).map(
            (row) =>
              html`<tr>
                ${cells(row)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more}`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function round(size: number): number {
  return Number(size.toPrecision(DIGITS));
}
