/** JSON with every number as the text that came, so that no digit is lost: `{"o":174.10}` is `{ o: '174.10' }`. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source : value,
  ) as unknown;
}
