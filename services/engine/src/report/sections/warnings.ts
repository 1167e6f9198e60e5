import { words } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

/** What whoever believes the result should know first. */
export function warnings({ warnings: all }: ReportInput): Html {
  if (all.length === 0) return html`<p>There is nothing to warn of.</p>`;
  return html`<ul class="warnings">
    ${all.map(
      ({ code, severity, detail }) =>
        html`<li class="${severity}">
          <b>${severity === 'warning' ? 'Warning' : 'Note'}: ${words(code)}.</b> ${detail}
        </li>`,
    )}
  </ul>`;
}
