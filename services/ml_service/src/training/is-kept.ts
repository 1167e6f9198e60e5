/**
 * Whether a stream matches one of the patterns, in which `*` stands for any text: `binance:*`, `*:1d`, `*`.
 * Patterns are at most a hundred short texts; matching takes them piece by piece, so that none of them is slow.
 */
export function isKept(patterns: readonly string[], stream: string): boolean {
  return patterns.some((pattern) => matches(pattern.split('*'), stream));
}

function matches(pieces: readonly string[], text: string): boolean {
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of others) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
