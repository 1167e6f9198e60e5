import { day, minute, plain, table, words } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ReportInput } from '../report-input.ts';

/** What was run, over what, and by what it can be had again. */
export function header({ run, slots, charts, performance, currency }: ReportInput): Html {
  const strategies = [...new Set(slots.map(({ strategy }) => words(strategy)))].join(', ');
  const instruments = [...new Set(charts.map(({ instrument }) => instrument))].join(', ');
  const kind = run.study === 'single' ? '' : `, ${words(run.study)}`;
  return html`<header>
    <h1>${strategies} on ${instruments}</h1>
    <p>
      ${day(performance.fromMs)} to ${day(performance.toMs)}, in ${currency}.
      <span class="soft">A simulation over past bars${kind}; what it shows is no promise.</span>
    </p>
  </header>`;
}

export function provenance({ run, slots, calendar }: ReportInput): Html {
  const named = [
    ['Run', run.runId],
    ['Made', `${minute(run.createdMs)} UTC`],
    ['Calendar', calendar],
    ['Seed', String(run.seed)],
    ['Code version', run.codeVersion],
    ['Configuration, SHA-256', run.configSha256],
    ['Decision log, SHA-256', run.decisionLogSha256],
    ...Object.entries(run.dataSha256).map(([stream, sha256]) => [`Bars of ${stream}, SHA-256`, sha256]),
  ];
  return html`${table(
      ['Slot', 'Strategy', 'Streams', 'Parameters', 'Model'],
      slots.map(({ id, strategy, streams, params, modelUse, modelId }) => [
        id,
        words(strategy),
        streams.join(', '),
        Object.entries(params)
          .map(([name, value]) => `${words(name)} ${plain(value, Number.isInteger(value) ? 0 : 4)}`)
          .join(', '),
        modelId === null ? modelUse : `${modelUse}, ${modelId}`,
      ]),
    )}
    <p>With the same configuration, bars, seed and code the result is the same to the last byte.</p>
    <dl class="names">
      ${named.map(
        ([name, value]) =>
          html`<dt>${name!}</dt>
            <dd>${value!}</dd>`,
      )}
    </dl>`;
}
