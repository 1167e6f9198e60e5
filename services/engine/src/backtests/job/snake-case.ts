const CAPITAL = /[A-Z]/g;

/** Plain data with the names that the wire has: `drawdownMax` becomes `drawdown_max`, and columns become arrays. */
export function snakeCase(value: unknown): unknown {
  if (value instanceof Float64Array) return [...value];
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll(CAPITAL, (letter) => `_${letter.toLowerCase()}`),
      snakeCase(inner),
    ]),
  );
}
