/** JSON with the keys of our own code in place of the wire's: `retry_after_s` is `retryAfterS`. */
export function camelKeys(value: unknown): unknown {
  return renamed(value, (name) =>
    name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
  );
}

/** And back. */
export function snakeKeys(value: unknown): unknown {
  return renamed(value, snakeName);
}

export function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [rename(name), renamed(each, rename)]),
  );
}
