import { savedPagePolicy } from './page-policy.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe to put into a page. Only {@link html} makes it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | readonly Value[];

/**
 * Markup from a template: what is put in is escaped, for text and for quoted attributes, unless it is markup itself; lists
 * are put in one after the other. Never put anything into an unquoted attribute, a script, a style or a URL.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.map((part, index) => part + rendered(values[index] ?? '')).join(''));
}

function rendered(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number')
    return String(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  return value.map(rendered).join('');
}

/**
 * A whole page with one inline style, which the service has to name in its `pageStyles`. It carries its policy, so that a
 * saved copy is held to it as well.
 */
export function htmlPage({ title, style, body }: { title: string; style: string; body: Html }): string {
  const head = html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${savedPagePolicy([style])}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>`;
  return `<!doctype html>
<html lang="en">
<head>
${head.text}
<style>${style}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
}
