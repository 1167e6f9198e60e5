import { REPORT_STYLE, table as htmlTable } from '@aistock/report';
import { html, htmlPage, type Html } from '@aistock/service-kit';
import type { Block, Cell, KeyEntry, KeyFigure, Told } from './blocks.ts';

/** A report as one page that works without scripts and without anything from elsewhere. */
export function htmlReport({ title, lead, figures, sections }: Told): string {
  const body = html`<main>
    <header>
      <h1>${title}</h1>
      <p>${lead}</p>
    </header>
    <nav>${sections.map((section) => html`<a href="#${section.id}">${section.title}</a>`)}</nav>
    ${cards(figures)}
    ${sections.map(
      ({ id, title: name, blocks }) =>
        html`<section id="${id}">
          <h2>${name}</h2>
          ${blocks.map(markup)}
        </section>`,
    )}
  </main>`;
  return htmlPage({ title, style: REPORT_STYLE, body });
}

function markup(block: Block): Html {
  switch (block.type) {
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'text':
      return html`<p class="${block.isSoft ? 'soft' : ''}">${block.text}</p>`;
    case 'table':
      return htmlTable(
        block.heads,
        block.rows.map((row) => row.map(cell)),
      );
    case 'picture':
      return html`<div class="wide">${block.svg}</div>`;
    case 'key':
      return html`<ul class="key">
        ${block.entries.map((entry) => html`<li>${swatch(entry)} ${entry.text}</li>`)}
      </ul>`;
    case 'names':
      return html`<dl class="names">
        ${block.names.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`;
    default:
      return noSuchBlock(block);
  }
}

/** What is left when every block is shown: nothing, as the compiler checks. */
export function noSuchBlock(block: never): never {
  throw new TypeError(`nothing shows ${JSON.stringify(block)}`);
}

function cell(value: Cell): string | number | Html {
  if (typeof value !== 'object') return value;
  const { text, mark } = value;
  return mark === 'failed'
    ? html`<span class="failed">${text}</span>`
    : html`<span class="shaded ${mark}">${text}</span>`;
}

/** What a key entry looks like, as an SVG. */
export function swatch({ shape, name }: KeyEntry): Html {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
    ${
      shape === 'line'
        ? html`<path class="line ${name}" d="M0 6H12" />`
        : html`<rect class="${name}" width="12" height="12" />`
    }
  </svg>`;
}

function cards(figures: readonly KeyFigure[]): Html {
  return html`<dl class="cards">
    ${figures.map(
      ({ name, value, note }) =>
        html`<div>
          <dt>${name}</dt>
          <dd><b>${value}</b><span>${note}</span></dd>
        </div>`,
    )}
  </dl>`;
}
