import { html, type Html } from '@aistock/service-kit';

export type Cell = string | number | Html;

/** What a head begins with that says how its column is set. */
const KINDS: Readonly<Record<string, string>> = { '#': 'n', '@': 't', '+': 'p' };

/** A head as it is shown. */
export function headText(head: string): string {
  return head.replace(/^[#@+]/, '');
}

/**
 * A table. A head that begins with `#` is of a column of numbers, one with `@` of times, which are not broken, one with `+` of
 * sentences, which are never squeezed.
 */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<p class="soft">None.</p>`;
  const kinds = heads.map((head) => KINDS[head.slice(0, 1)] ?? '');
  const titles = heads.map(
    (head, index) => html`<th scope="col" class="${kinds[index]!}">${headText(head)}</th>`,
  );
  const lines = rows.map((row) => {
    const cells = row.map((cell, index) => html`<td class="${kinds[index] ?? ''}">${cell}</td>`);
    return html`<tr>
      ${cells}
    </tr>`;
  });
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${titles}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}
