import { REPORT_STYLE } from '@aistock/report';

/** Colours of the report's light palette by their names, such as `ink`. */
const PALETTE: ReadonlyMap<string, string> = new Map(
  [...(/:root \{([^}]*)\}/.exec(REPORT_STYLE)?.[1] ?? '').matchAll(/--([a-z]+): ([^;]+);/g)].map(
    ([, name, value]) => [name!, value!.trim()],
  ),
);

/** A colour of the report on paper. @throws RangeError for one that the style does not name. */
export function colour(name: string): string {
  const value = PALETTE.get(name);
  if (value === undefined) throw new RangeError(`the style of reports has no colour ${name}`);
  return value;
}

/** Rules for what changes with the screen: they hold braces inside. */
const CONDITIONAL = /@media [^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g;

/**
 * The style of the report's pictures for what knows neither variables nor descendants: colours are put in, and text is text
 * wherever it stands.
 */
export const PAPER_STYLE = REPORT_STYLE.replaceAll(CONDITIONAL, '')
  .replaceAll(/var\(--([a-z]+)\)/g, (_, name: string) => colour(name))
  .replaceAll('svg text {', 'text {');
